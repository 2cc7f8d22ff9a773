import { formatValue, isBranded, type Origin, UserError } from '@erlmcp/core'

/**
 * Refuses what is no list of values of a kind, such as a job by its name, also where no compiler
 * looked.
 *
 * @param message has the list, for messages: `the steps of job build`
 * @throws UserError
 */
export function validateList(
  message: string,
  given: unknown,
  kind: 'job' | 'step',
  origin: Origin,
): void {
  const isOne = (one: unknown) => isBranded(one, kind)
  if (Array.isArray(given) && given.every(isOne)) return
  const wrong: unknown = Array.isArray(given) ? given.find((one) => !isOne(one)) : given
  throw new UserError({
    message: `${message} are no list of ${kind}s: got ${formatValue(wrong)}`,
    hint: kind === 'job' ? 'Give the jobs themselves: [build].' : "Such as [run('make')].",
    origin,
  })
}
