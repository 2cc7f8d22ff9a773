import { formatViolation, type Keys, type Schema, schema, validate } from '@erlmcp/core'

const { formatted, integer, matching, object, string } = schema

/** A text that matches a pattern. */
export const textLike = (pattern: RegExp, expected: string): Schema =>
  formatted(string, matching(pattern, expected, `Write ${expected}.`))

/** A name: no program accepts NUL in one. */
export const name = textLike(/^[^\0]+$/, 'a name')

export const count = formatted(integer, {
  expected: 'a count',
  hint: 'Write a count.',
  accepts: (digits) => /^\d+$/.test(digits) && Number.isSafeInteger(Number(digits)),
})

/** An object with the keys of a type; other keys are ignored. */
export const record = <Type extends object>(
  keys: Keys<Type>,
  optional: readonly (keyof Type & string)[] = [],
): Schema => {
  const names = Object.keys(keys) as (keyof Type & string)[]
  const required = names.filter((key) => !optional.includes(key))
  return object<Type>(keys, { required, additional: 'all' })
}

/** Finds the first violation of a schema: `state: expected "begun", got 1`. */
export function findViolation(of: Schema, data: unknown): string | undefined {
  const [first] = validate(of, data)
  return first && formatViolation(first)
}

/** Finds an item of a list that has the name of another one. */
export function findDuplicate<Key extends string>(
  path: string,
  items: readonly { readonly [_ in Key]: string }[],
  key: Key,
): string | undefined {
  const names = items.map((item) => item[key])
  const index = names.findIndex((one, at) => names.indexOf(one) < at)
  return index < 0
    ? undefined
    : `${path}[${index}].${key}: duplicate ${JSON.stringify(names[index])}`
}
