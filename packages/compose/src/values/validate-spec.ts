import { type MatchOptions, type Origin, validateValue } from '@erlmcp/core'
import { isKnown, resolve } from '../model/resolve.ts'
import { authorSchema } from '../schema/author-schema.ts'
import type { Entry } from '../schema/define.ts'
import { interpolationText, isInterpolation } from './interpolation.ts'

const authored: MatchOptions = {
  textOf: (value) => {
    if (!isInterpolation(value)) return undefined
    const text = resolve(interpolationText(value))
    return isKnown(text) ? text : null
  },
}

/**
 * Validates what an author wrote for an entry of the table: a `stack.ts` runs without being
 * type-checked.
 *
 * @param subject what it is of: `service web`
 * @throws UserError with every unknown, missing and invalid key
 */
export function validateSpec(
  subject: string,
  spec: unknown,
  entry: Entry,
  origin: Origin | undefined,
): void {
  validateValue(subject, spec, authorSchema(entry), origin, authored)
}
