import { type Origin, UserError } from '@erlmcp/core'

/**
 * Rejects an exception without a reason: a later reader could not tell whether it still applies.
 *
 * @param subject what is excepted, for messages: `skip`
 * @throws UserError
 */
export function validateReasons(
  subject: string,
  reasons: Readonly<Record<string, string>>,
  origin: Origin,
): void {
  for (const [name, reason] of Object.entries(reasons)) {
    if (typeof reason === 'string' && reason.trim() !== '') continue
    throw new UserError({
      message: `the ${subject} of ${name} has an empty reason`,
      hint: `Write the reason: { '${name}': 'no IPv6 in the container' }.`,
      origin,
    })
  }
}
