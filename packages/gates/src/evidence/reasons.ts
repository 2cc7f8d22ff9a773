import { type Origin, UserError } from '@erlmcp/core'

/**
 * Refuses an exception that says no reason: whoever reads it later could not tell whether it still
 * holds.
 *
 * @param message is excepted, for messages: `skip`
 * @throws UserError
 */
export function refuseNoReason(
  message: string,
  reasons: Readonly<Record<string, string>>,
  origin: Origin,
): void {
  for (const [name, reason] of Object.entries(reasons)) {
    if (typeof reason === 'string' && reason.trim() !== '') continue
    throw new UserError({
      message: `the ${message} of ${name} has no reason`,
      hint: `Write it behind the name: { '${name}': 'no IPv6 in the container' }.`,
      origin,
    })
  }
}
