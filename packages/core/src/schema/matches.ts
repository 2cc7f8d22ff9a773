import type { ObjectSchema, Schema, TextFormat } from './schema.ts'

/** How texts are read. */
export interface MatchOptions {
  /**
   * The text that a text with placeholders becomes; `undefined` where that is unknown, so that
   * every text is accepted. Default: each text is its own value.
   */
  readonly resolve?: (text: string) => string | undefined
  /** Whether formats are checked. Default: `true`. */
  readonly formats?: boolean
}

const exact: MatchOptions = {}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Whether a value is valid. Faster than `validate`, which says why it is not: every value of a
 * large file passes here, so these are loops without closures.
 */
export function matches(schema: Schema, value: unknown, options: MatchOptions = exact): boolean {
  switch (schema.type) {
    case 'any':
      return true
    case 'null':
      return value === null
    case 'boolean':
    case 'function':
      return typeof value === schema.type
    case 'string':
    case 'number':
      return typeof value === schema.type && isFormatted(schema.format, value, options)
    case 'integer':
      return Number.isInteger(value) && isFormatted(schema.format, value, options)
    case 'enum':
      return isOneOf(schema.values, value, options)
    case 'kind':
      return isKind(schema.kinds, value)
    case 'list':
      return Array.isArray(value) && matchesAll(schema.items, value, options)
    case 'map':
      return isObject(value) && matchesMap(schema.values, schema.keyFormat, value, options)
    case 'object':
      return isObject(value) && findInvalidKey(schema, value, options) === undefined
    case 'union':
      for (const option of schema.options) {
        if (matches(option, value, options)) return isFormatted(schema.format, value, options)
      }
      return false
  }
}

/** Whether a value has the format, where it is a text or a number. */
export function isFormatted(
  format: TextFormat | undefined,
  value: unknown,
  { formats, resolve }: MatchOptions,
): boolean {
  if (format === undefined || formats === false) return true
  if (typeof value === 'number') return format.accepts(String(value))
  if (typeof value !== 'string') return true
  const text = resolve ? resolve(value) : value
  return text === undefined || format.accepts(text)
}

function isOneOf(values: readonly unknown[], value: unknown, { resolve }: MatchOptions): boolean {
  if (values.includes(value)) return true
  if (resolve === undefined || typeof value !== 'string') return false
  const text = resolve(value)
  return text === undefined || values.includes(text)
}

function isKind(kinds: readonly string[], value: unknown): boolean {
  return isObject(value) && kinds.includes(value.kind as string)
}

function matchesAll(items: Schema, list: readonly unknown[], options: MatchOptions): boolean {
  for (const item of list) if (!matches(items, item, options)) return false
  return true
}

function matchesMap(
  values: Schema,
  name: TextFormat | undefined,
  map: Readonly<Record<string, unknown>>,
  options: MatchOptions,
): boolean {
  if (values.type === 'any' && name === undefined) return true
  for (const key in map) {
    if (name !== undefined && !name.accepts(key)) return false
    if (!matches(values, map[key], options)) return false
  }
  return true
}

/** The first key of an object that is unknown, missing, or has an invalid value. */
function findInvalidKey(
  { keys, required, additional }: ObjectSchema,
  object: Readonly<Record<string, unknown>>,
  options: MatchOptions,
): string | undefined {
  for (const key in object) {
    const value = object[key]
    if (value === undefined) continue
    const schema = keys[key]
    if (schema === undefined) {
      if (!isAdditional(additional, key)) return key
    } else if (!matches(schema, value, options)) return key
  }
  for (const key of required) if (object[key] === undefined) return key
  return undefined
}

export function isAdditional(additional: ObjectSchema['additional'], key: string): boolean {
  return additional === 'all' || (additional === 'x-' && key.startsWith('x-'))
}
