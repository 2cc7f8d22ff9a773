/** The parts of an image reference. */
export interface ImageReference {
  /** Host of the registry; empty for the default one. */
  readonly registry: string
  /** Path in the registry: `library/postgres`, `acme/app`. */
  readonly path: string
  /** Last part of the path: `postgres` of `docker.io/library/postgres:17`. */
  readonly base: string
  /** Empty without one. */
  readonly tag: string
  /** With its algorithm: `sha256:…`; empty without one. */
  readonly digest: string
}

/**
 * The parts of an image reference, also of an invalid one.
 *
 * @example parseImageReference('ghcr.io/acme/app:1.4').registry // 'ghcr.io'
 */
export function parseImageReference(text: string): ImageReference {
  const [named = '', digest = ''] = text.split('@')
  const slash = named.lastIndexOf('/')
  const colon = named.indexOf(':', slash + 1)
  const end = colon < 0 ? undefined : colon
  const first = named.slice(0, Math.max(0, named.indexOf('/')))
  // NUL marks a variable without a default.
  const isHost = first === 'localhost' || /[.:\0]/.test(first)
  const registry = isHost ? first : ''
  return {
    registry,
    path: named.slice(registry === '' ? 0 : registry.length + 1, end),
    base: named.slice(slash + 1, end),
    tag: colon < 0 ? '' : named.slice(colon + 1),
    digest,
  }
}

// distribution/reference, without its limit of length.
const pattern =
  /^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][\w.+-]*:[0-9a-fA-F]{32,})?$/

/** Whether a text is a valid image reference (distribution/reference). */
export function isImageReference(text: string): boolean {
  return pattern.test(text)
}
