import { type Origin, originOf, UserError } from '@erlmcp/core'
import type { CheckedReference } from './literal.ts'
import { variableHint } from './typescript-of.ts'

/**
 * Validates an image reference that is not a literal, such as one that is read from a file.
 *
 * @throws UserError without a tag or digest, or with the tag `latest`
 * @example
 * service('cache', { image: reference(`redis:${process.env.REDIS_TAG ?? '8-trixie'}`) })
 */
export function reference(text: string): CheckedReference {
  validateReference(text, originOf(reference))
  return text as CheckedReference
}

// The fast path for a reference with a digest.
const pinned = /^[^\s@]+@sha256:[0-9a-f]{64}$/

/** @throws UserError for an invalid reference, or one without a fixed tag or digest */
export function validateReference(text: string, origin: Origin | undefined): void {
  if (pinned.test(text)) return
  const [name = '', digest] = text.split('@')
  const tag = /:([^:/]*)$/.exec(name)?.[1]
  const wrong =
    text === '' || /\s/.test(text)
      ? 'is empty or contains whitespace'
      : digest !== undefined
        ? digestFault(digest)
        : tagFault(tag)
  if (wrong === undefined) return
  throw new UserError({
    message: `the image ${JSON.stringify(text)} ${wrong}`,
    hint:
      variableHint(text, true) ??
      'Write a version, such as `redis:8-trixie`, or a digest, `redis@sha256:…`.',
    origin,
  })
}

function tagFault(tag: string | undefined): string | undefined {
  if (tag === undefined) return 'has no tag, which means `latest`: a tag that moves'
  if (tag === 'latest') return 'has the tag `latest`, which moves'
  return /^\w[\w.-]{0,127}$/.test(tag) ? undefined : 'has an invalid tag'
}

function digestFault(digest: string): string | undefined {
  return /^sha256:[0-9a-f]{64}$/.test(digest)
    ? undefined
    : 'has an invalid digest: expected sha256 and 64 hexadecimal digits'
}
