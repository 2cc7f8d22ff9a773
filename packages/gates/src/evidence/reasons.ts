import { type Origin, UserError } from '@erlmcp/core'

/**
 * Refuses an exception that says no reason: whoever reads it later could not tell whether it still
 * holds.
 *
 * @param what is excepted, for messages: `skip`
 * @throws UserError
 */
export function refuseNoReason(
  what: string,
  reasons: Readonly<Record<string, string>>,
  origin: Origin,
): void {
  for (const [name, reason] of Object.entries(reasons)) {
    if (typeof reason === 'string' && reason.trim() !== '') continue
    throw new UserError({
      what: `the ${what} of ${name} has no reason`,
      help: `Write it behind the name: { '${name}': 'no IPv6 in the container' }.`,
      origin,
    })
  }
}
