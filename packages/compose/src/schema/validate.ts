import {
  formatViolation,
  type MatchOptions,
  matches,
  type ObjectSchema,
  type Origin,
  type Path,
  schema,
  toUserError,
  validate,
  validateValue,
} from '@erlmcp/core'
import { isKnown, resolve } from '../model/resolve.ts'
import type { Entry } from './define.ts'
import type { Facts } from './facts.ts'

/** Validates types only, with the defaults of variables; a rule validates formats, since it knows the dialect. */
export const typesOnly: MatchOptions = {
  formats: false,
  resolve: (text) => {
    const known = resolve(text)
    return isKnown(known) ? known : undefined
  },
}

/**
 * Validates a value at its place in a compose file.
 *
 * @param path the place
 * @param isAuthored whether an author wrote it in TypeScript, so that `$$` is shown as `$`
 * @throws UserError with every unknown or missing key and every value of another type
 */
export function validateEntry(
  entry: Entry,
  value: unknown,
  path: Path,
  origin: Origin | undefined,
  isAuthored = false,
): void {
  if (matches(entry, value, typesOnly)) return
  throw toUserError(validate(entry, value, typesOnly), origin, (violation) => {
    const text = formatViolation({ ...violation, path: [...path, ...violation.path] })
    return isAuthored ? text.replaceAll('$$', '$') : text
  })
}

/**
 * Validates the keys that an author wrote, whatever their values are: a `stack.ts` runs without
 * being type-checked.
 *
 * @param more keys that the author has beside those of the specification
 * @throws UserError with every unknown key
 */
export function validateKeys(
  subject: string,
  spec: unknown,
  { keys }: ObjectSchema<Facts>,
  origin: Origin | undefined,
  more: readonly string[] = [],
): void {
  validateValue(subject, spec, keysOnly(keys, more), origin)
}

const shallow = new WeakMap<object, ObjectSchema>()

function keysOnly(keys: ObjectSchema<Facts>['keys'], more: readonly string[]): ObjectSchema {
  let known = shallow.get(keys)
  if (known === undefined) {
    const entries = [...Object.keys(keys), ...more].map((key) => [key, schema.any] as const)
    known = schema.object(Object.fromEntries(entries), { additional: 'x-' })
    shallow.set(keys, known)
  }
  return known
}
