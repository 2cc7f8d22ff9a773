import { formatViolation, type Keys, type Schema, schema, validate } from '@erlmcp/core'

/** A name: no program accepts NUL in one. */
export const name = schema.textLike(/^[^\0]+$/, 'a name')

/** An object with the keys of a type; those of later versions are ignored. */
export const record = <Type extends object>(
  keys: Keys<Type>,
  optional: readonly (keyof Type & string)[] = [],
): Schema => schema.record<Type>(keys, optional, 'all')

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
