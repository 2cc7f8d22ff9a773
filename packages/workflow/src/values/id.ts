import { type Origin, UserError } from '@erlmcp/core'

/**
 * Refuses what cannot be the id of a job, step, input or output (workflow syntax, "jobs.<job_id>").
 *
 * @returns the id
 * @throws UserError
 */
export function validateId(kind: string, id: string, origin: Origin): string {
  const reserved = (kind === 'job' || kind === 'step') && id.startsWith('__')
  if (/^[A-Za-z_][\w-]*$/.test(id) && id.length < 100 && !reserved) return id
  throw new UserError({
    message: `${JSON.stringify(id)} cannot be the id of a ${kind}`,
    hint: reserved
      ? 'Two underscores at the start are reserved: use one, or a letter.'
      : 'Use up to 99 letters, digits, dashes and underscores, beginning with a letter or _.',
    origin,
  })
}
