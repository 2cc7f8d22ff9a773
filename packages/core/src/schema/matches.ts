import { ORIGIN } from '../document/origin.ts'
import type { KindSchema, ObjectSchema, Schema, TextFormat } from './schema.ts'

/** How texts are read. */
export interface MatchOptions {
  /**
   * The text that a text with placeholders becomes; `undefined` where that is unknown, so that
   * every text is accepted. Default: each text is its own value.
   */
  readonly resolve?: (text: string) => string | undefined
  /**
   * The text that an object represents, such as a variable; null where it is unknown, `undefined`
   * for any other object. Default: only strings are texts.
   */
  readonly textOf?: (value: object) => string | null | undefined
  /** Whether NaN is a number, as in YAML. Default: `false`. */
  readonly nan?: boolean
  /** Whether formats are checked. Default: `true`. */
  readonly formats?: boolean
}

const exact: MatchOptions = {}

/** Whether a value is an object with keys. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Promise)

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
      return isText(value, options) && isFormatted(schema.format, value, options)
    case 'number':
      return (
        typeof value === 'number' &&
        (options.nan || !Number.isNaN(value)) &&
        isFormatted(schema.format, value, options)
      )
    case 'integer':
      return Number.isInteger(value) && isFormatted(schema.format, value, options)
    case 'enum':
      return isOneOf(schema.values, value, options)
    case 'kind':
      return isKind(schema, value)
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
  options: MatchOptions,
): boolean {
  if (format === undefined || options.formats === false) return true
  if (typeof value === 'number') return format.accepts(String(value))
  const text = readText(value, options)
  return text === undefined || text === null || format.accepts(text)
}

function isOneOf(values: readonly unknown[], value: unknown, options: MatchOptions): boolean {
  if (values.includes(value)) return true
  const text = readText(value, options)
  return text !== undefined && (text === null || values.includes(text))
}

const isText = (value: unknown, options: MatchOptions): boolean =>
  typeof value === 'string' ||
  (options.textOf !== undefined && readText(value, options) !== undefined)

/** The text of a value; null where it is unknown, `undefined` for a value that is not a text. */
function readText(value: unknown, { resolve, textOf }: MatchOptions): string | null | undefined {
  if (typeof value === 'string') return resolve ? (resolve(value) ?? null) : value
  return typeof value === 'object' && value !== null ? textOf?.(value) : undefined
}

function isKind({ kinds, created }: KindSchema, value: unknown): boolean {
  return isObject(value) && kinds.includes(value.kind as string) && (!created || ORIGIN in value)
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
