/** The parts of an image reference that choose a stand-in. */
export interface ImageRef {
  /** The short form of an official image: `postgres`, without `docker.io/library/`. */
  readonly repository: string
  readonly tag: string
  readonly digest?: string
}

/**
 * Reads an image reference.
 *
 * @example parseImageRef('docker.io/library/postgres:17') // { repository: 'postgres', tag: '17' }
 */
export function parseImageRef(ref: string): ImageRef {
  const match = /^(?<name>[^@]+?)(?::(?<tag>[\w][\w.-]*))?(?:@(?<digest>\w+:[0-9a-f]+))?$/.exec(ref)
  const { name, tag = 'latest', digest } = match?.groups ?? {}
  if (name === undefined) throw new Error(`not an image reference: ${ref}`)
  const repository = name.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '')
  return { repository, tag, ...(digest !== undefined && { digest }) }
}
