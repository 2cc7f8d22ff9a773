import { type Origin, UserError } from '@erlmcp/core'

/**
 * Refuses what cannot be the id of a job, step, input or output (workflow syntax, "jobs.<job_id>").
 *
 * @returns the id
 * @throws UserError
 */
export function checkId(kind: string, id: string, origin: Origin): string {
  if (/^[A-Za-z_][\w-]*$/.test(id) && id.length <= 100) return id
  throw new UserError({
    what: `${JSON.stringify(id)} cannot be the id of a ${kind}`,
    help: 'Use up to 100 letters, digits, dashes and underscores, beginning with a letter or _.',
    origin,
  })
}
