import { formatValue } from '../text/format-value.ts'
import { findSuggestion } from '../text/suggestion.ts'
import { isAdditional, isFormatted, isObject, type MatchOptions, matches } from './matches.ts'
import type { ObjectSchema, Schema, UnionSchema } from './schema.ts'

/** One fault of a value. */
export interface SchemaViolation {
  /** The way to it from the validated value. */
  readonly path: readonly (string | number)[]
  /** Without the path: `expected a port, got "x"`. */
  readonly message: string
  /** How to fix it: one imperative sentence. */
  readonly hint: string
  /** Whether a key is unknown or missing, or a value invalid. */
  readonly code: 'unknown' | 'missing' | 'invalid'
}

type Path = SchemaViolation['path']

/**
 * All faults of a value, in its order; none for one that {@link matches}.
 *
 * @example
 * validate(object({ port: integer }), { port: 'x', host: 1 }).map(formatViolation)
 * // ['port: expected an integer, got "x"', 'unknown key host']
 */
export function validate(
  schema: Schema,
  value: unknown,
  options: MatchOptions = {},
): SchemaViolation[] {
  const violations: SchemaViolation[] = []
  if (!matches(schema, value, options)) collect(schema, value, [], options, violations)
  return violations
}

function collect(
  schema: Schema,
  value: unknown,
  path: Path,
  options: MatchOptions,
  into: SchemaViolation[],
): void {
  if (schema.type === 'list' && Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      collect(schema.items, item, [...path, index], options, into)
    }
  } else if (schema.type === 'map' && isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (schema.keyFormat && !schema.keyFormat.accepts(key)) {
        const message = `invalid name ${JSON.stringify(key)}: expected ${schema.keyFormat.expected}`
        into.push({ path, message, hint: schema.keyFormat.hint, code: 'invalid' })
      }
      collect(schema.values, item, [...path, key], options, into)
    }
  } else if (schema.type === 'object' && isObject(value)) {
    collectKeys(schema, value, path, options, into)
  } else if (schema.type === 'union') {
    collectUnion(schema, value, path, options, into)
  } else if (!matches(schema, value, options)) {
    into.push(mismatch(schema, value, path, options))
  }
}

function collectKeys(
  schema: ObjectSchema,
  object: Readonly<Record<string, unknown>>,
  path: Path,
  options: MatchOptions,
  into: SchemaViolation[],
): void {
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue
    const known = schema.keys[key]
    if (known) collect(known, value, [...path, key], options, into)
    else if (!isAdditional(schema.additional, key)) {
      const hint = unknownKeyHint(key, schema)
      into.push({ path: [...path, key], message: `unknown key ${key}`, hint, code: 'unknown' })
    }
  }
  for (const key of schema.required) {
    if (object[key] !== undefined) continue
    const hint = `Set \`${key}\` to ${describe(schema.keys[key]!)}.`
    into.push({ path: [...path, key], message: `missing key ${key}`, hint, code: 'missing' })
  }
}

/** How to fix an unknown key: the one that was probably meant, or those that are valid. */
function unknownKeyHint(key: string, { keys, additional }: ObjectSchema): string {
  const names = Object.keys(keys)
  const suggestion = suggestKey(key, names)
  if (suggestion !== undefined) return `Did you mean \`${suggestion}\`?`
  const extension = additional === 'x-' ? ', or begin it with `x-`' : ''
  if (names.length === 0 || names.length > 20) return `Remove it${extension}.`
  return `Use one of ${names.join(', ')}${extension}.`
}

/** The known key that was probably meant, also in the other case: `dependsOn` for `depends_on`. */
export function suggestKey(key: string, names: readonly string[]): string | undefined {
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return findSuggestion(snake, names) ?? findSuggestion(key, names)
}

/** The faults within the option that the value was probably meant to be; else all options. */
function collectUnion(
  schema: UnionSchema,
  value: unknown,
  path: Path,
  options: MatchOptions,
  into: SchemaViolation[],
): void {
  const matching = schema.options.find((option) => matches(option, value, options))
  if (matching) {
    if (!isFormatted(schema.format, value, options))
      into.push(mismatch(schema, value, path, options))
    return
  }
  const meant = schema.options.filter((option) => isOfOuterType(option, value))
  if (meant.length === 1) collect(meant[0]!, value, path, options, into)
  else if (meant.length > 1 && typeof value === 'object') {
    const found = meant.map((option) => {
      const violations: SchemaViolation[] = []
      collect(option, value, path, options, violations)
      return violations
    })
    into.push(...found.reduce((least, one) => (one.length < least.length ? one : least)))
  } else into.push(mismatch(schema, value, path, options))
}

/** Whether a value is of the type of a schema, leaving aside what is in it. */
function isOfOuterType(schema: Schema, value: unknown): boolean {
  switch (schema.type) {
    case 'list':
      return Array.isArray(value)
    case 'map':
    case 'object':
      return isObject(value) && typeof value.kind !== 'string'
    case 'enum':
      return typeof value === typeof schema.values[0]
    case 'union':
      return schema.options.some((option) => isOfOuterType(option, value))
    default:
      return matches(schema, value, { formats: false })
  }
}

/** The option of a union that a value matches, or would match if it were valid inside. */
export function selectOption<Facts>(
  { options }: UnionSchema<Facts>,
  value: unknown,
  settings?: MatchOptions,
): Schema<Facts> | undefined {
  if (typeof value === 'object') {
    // Mostly one option is a list, or one an object: what is in it need not be validated.
    const meant = options.filter((option) => isOfOuterType(option, value))
    if (meant.length === 1) return meant[0]
  }
  const matching = options.find((option) => matches(option, value, settings))
  if (matching || typeof value !== 'object') return matching
  return options.find((option) => isOfOuterType(option, value))
}

function mismatch(
  schema: Schema,
  value: unknown,
  path: Path,
  { textOf }: MatchOptions,
): SchemaViolation {
  const expected = describe(schema)
  const text = isObject(value) ? textOf?.(value) : undefined
  const got = typeof text === 'string' ? `${formatValue(text)} by default` : formatGot(value)
  const message = `expected ${expected}, got ${got}`
  const hint =
    awaitHint(value) ??
    suggestValue(schema, value) ??
    (typeof value === 'string' ? schema.format?.advise?.(value) : undefined) ??
    schema.hint ??
    schema.format?.hint ??
    defaultHint(schema, expected)
  return { path, message, hint, code: 'invalid' }
}

function awaitHint(value: unknown): string | undefined {
  return value instanceof Promise ? 'Await it: write `await` before it.' : undefined
}

/** The valid value that was probably meant, in place of a list of them all. */
function suggestValue(schema: Schema, value: unknown): string | undefined {
  if (schema.type !== 'enum' || typeof value !== 'string') return undefined
  const suggestion = findSuggestion(value, schema.values.map(String))
  return suggestion === undefined ? undefined : `Did you mean \`${suggestion}\`?`
}

function defaultHint(schema: Schema, expected: string): string {
  if (schema.type !== 'object') return `Set it to ${expected}.`
  const keys = schema.required.length > 0 ? schema.required : Object.keys(schema.keys).slice(0, 3)
  return keys.length === 0 ? 'Write an object.' : `Write an object: { ${keys.join(', ')} }.`
}

function formatGot(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Promise) return 'a promise'
  return isObject(value) && typeof value.kind !== 'string' ? 'an object' : formatValue(value)
}

const nouns = {
  any: 'any value',
  null: 'null',
  boolean: 'a boolean',
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  function: 'a function',
  list: 'a list',
  map: 'an object',
  object: 'an object',
} as const

/**
 * What a schema accepts, with an article.
 *
 * @example describe(union(string, list(string))) // 'a string or a list'
 */
export function describe(schema: Schema): string {
  if (schema.expected !== undefined) return schema.expected
  if (schema.format) return schema.format.expected
  if (schema.type === 'enum') return joinWithOr(schema.values.map((one) => JSON.stringify(one)))
  if (schema.type === 'union') return joinWithOr(schema.options.map(describe))
  if (schema.type === 'kind') {
    return joinWithOr(schema.kinds.map((one) => `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`))
  }
  return nouns[schema.type]
}

function joinWithOr(words: readonly string[]): string {
  const distinct = [...new Set(words)]
  const last = distinct.pop() ?? ''
  return distinct.length === 0 ? last : `${distinct.join(', ')} or ${last}`
}

/**
 * A path as TypeScript and YAML users write it.
 *
 * @example formatPath(['ports', 0, 'target']) // 'ports[0].target'
 */
export function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`
      if (!/^[\w$-]+$/.test(key)) return `[${JSON.stringify(key)}]`
      return index === 0 ? key : `.${key}`
    })
    .join('')
}

/** A violation in one line: `ports[0].target: expected a port, got "x"`. */
export function formatViolation(violation: Located): string {
  const place = formatPlace(violation)
  return place === '' ? violation.message : `${place}: ${violation.message}`
}

/** The same of a value with a name: `ports[0] of cache: unknown key traget`. */
export function formatViolationOf(subject: string, violation: Located): string {
  const place = formatPlace(violation)
  return `${place === '' ? subject : `${place} of ${subject}`}: ${violation.message}`
}

type Located = Omit<SchemaViolation, 'hint'>

/** The path of the value that has the fault: that of a key is the object around it. */
function formatPlace({ path, code }: Located): string {
  return formatPath(code === 'invalid' ? path : path.slice(0, -1))
}
