import { type Origin, UserError } from '@erlmcp/core'

/**
 * Validates the id of a job, step, input or output (workflow syntax, "jobs.<job_id>").
 *
 * @returns the id
 * @throws UserError for an invalid id
 */
export function validateId(kind: string, id: string, origin: Origin): string {
  const isReserved = (kind === 'job' || kind === 'step') && id.startsWith('__')
  if (/^[A-Za-z_][\w-]*$/.test(id) && id.length < 100 && !isReserved) return id
  throw new UserError({
    message: `invalid id ${JSON.stringify(id)} of a ${kind}`,
    hint: isReserved
      ? 'Begin it with a letter or one underscore: GitHub reserves two.'
      : 'Use up to 99 letters, digits, dashes and underscores, beginning with a letter or _.',
    origin,
  })
}
