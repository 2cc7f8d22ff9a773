import type { Origin } from '../document/origin.ts'
import { UserError } from '../user-error.ts'
import { type MatchOptions, matches } from './matches.ts'
import type { Schema } from './schema.ts'
import { formatViolationOf, type SchemaViolation, validate } from './validate.ts'

/**
 * Validates the options of a call at run time: a `stack.ts` runs without being type-checked, and a
 * misspelt option would be ignored silently.
 *
 * @param subject what the options are of, such as `redis cache`
 * @throws UserError with every unknown, missing and invalid key
 * @example
 * const schema = object<RedisOptions>({ image: string, persist: boolean })
 * validateOptions('redis cache', options, schema, originOf(redis))
 */
export function validateOptions(
  subject: string,
  options: unknown,
  schema: Schema,
  origin: Origin | undefined,
): void {
  if (matches(schema, options)) return
  throw toUserError(validate(schema, options), origin, (one) => formatViolationOf(subject, one))
}

/**
 * Validates a value that a user, or another copy of a package, may have made by hand.
 *
 * @param subject what the value is, such as `source 1 of stack shop`
 * @throws UserError with every unknown, missing and invalid key
 */
export function validateValue(
  subject: string,
  value: unknown,
  schema: Schema,
  origin: Origin | undefined,
  options?: MatchOptions,
): void {
  if (matches(schema, value, options)) return
  const violations = validate(schema, value, options)
  throw toUserError(violations, origin, (one) => formatViolationOf(subject, one))
}

/** How many violations an error lists: the rest is likely to have the same cause. */
const most = 10

/** One error of all violations: the first is its message, the others follow its hint. */
export function toUserError(
  violations: readonly SchemaViolation[],
  origin: Origin | undefined,
  format: (violation: SchemaViolation) => string,
): UserError {
  const [first, ...others] = violations
  const lines = others.slice(0, most).map((one) => `  also: ${format(one)}. ${one.hint}`)
  if (others.length > most) lines.push(`  and ${others.length - most} more`)
  return new UserError({
    message: format(first!),
    hint: [first!.hint, ...lines].join('\n'),
    origin,
  })
}
