import { type MatchOptions, type Origin, type Schema, validateValue } from '@erlmcp/core'
import { isKnown, resolve } from '../model/resolve.ts'
import { interpolationText, isInterpolation } from './interpolation.ts'

const authored: MatchOptions = {
  textOf: (value) => {
    if (!isInterpolation(value)) return undefined
    const text = resolve(interpolationText(value))
    return isKnown(text) ? text : null
  },
}

/**
 * Validates what an author wrote: a `stack.ts` runs without being
 * type-checked.
 *
 * @param subject what it is of: `service web`
 * @param schema of `author-schema.gen.ts`
 * @throws UserError with every unknown, missing and invalid key
 */
export function validateSpec(
  subject: string,
  spec: unknown,
  schema: Schema,
  origin: Origin | undefined,
): void {
  validateValue(subject, spec, schema, origin, authored)
}
