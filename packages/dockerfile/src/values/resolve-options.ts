import { memoize, originOf, validateOptions } from '@erlmcp/core'
import { type Fields, optionSchema } from '../schema/field.ts'
import { type BuildContext, nameOf, type RefersToStages, STAGES, type Stage } from './reference.ts'

const schemaOf = memoize(optionSchema)

/**
 * The fields of a document node that the options of a call describe: numbers as text, stages and
 * build contexts by their names, and the stages themselves for the file to collect.
 *
 * @param subject what the options are of, such as `copy`
 * @param caller the public function that was called
 * @throws UserError with every unknown and invalid option
 */
export function resolveOptions<Result extends object>(
  subject: string,
  fields: Fields,
  options: object,
  caller: (...args: never[]) => unknown,
): Result & RefersToStages {
  validateOptions(subject, options, schemaOf(fields), originOf(caller))
  const stages: Stage[] = []
  const entries = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return []
    const type = fields[name]?.type
    if ((type === 'id' || type === 'size') && typeof value === 'number') {
      return [[name, String(value)]]
    }
    if (type !== 'source') return [[name, value]]
    const source = nameOf(value as Stage | BuildContext | string)
    stages.push(...source.stages)
    return [[name, source.name]]
  })
  return { ...Object.fromEntries(entries), ...(stages.length > 0 && { [STAGES]: stages }) }
}
