/**
 * Which texts a schema accepts: a grammar that a type alone cannot express, such as that of a
 * duration.
 */
export interface TextFormat {
  /** What is expected, with its article: `a duration`. */
  readonly expected: string
  /** How to write it: one imperative sentence. */
  readonly hint: string
  /** The hint for a text of which more is known. */
  readonly advise?: (text: string) => string | undefined
  readonly accepts: (text: string) => boolean
  /** The grammar as a regular expression, where one expresses it all. */
  readonly pattern?: RegExp
}

/** What every schema may have beside its type. */
interface Common {
  /** What is expected, with its article. Default: derived from the type. */
  readonly expected?: string
  /** How to write it. Default: derived from the type. */
  readonly hint?: string
  /** The grammar of its texts and numbers. */
  readonly format?: TextFormat
}

export interface SimpleSchema extends Common {
  readonly type: 'any' | 'null' | 'boolean' | 'string' | 'number' | 'integer' | 'function'
}

/** One of some values. */
export interface EnumSchema extends Common {
  readonly type: 'enum'
  readonly values: readonly (string | number | boolean)[]
}

export interface ListSchema<Facts = unknown> extends Common {
  readonly type: 'list'
  readonly items: Schema<Facts>
}

/** An object with any keys, whose values are all of one schema. */
export interface MapSchema<Facts = unknown> extends Common {
  readonly type: 'map'
  readonly values: Schema<Facts>
  /** Which keys are valid. Default: all. */
  readonly keyFormat?: TextFormat
}

/** An object with known keys. A key whose value is `undefined` counts as missing. */
export interface ObjectSchema<Facts = unknown> extends Common {
  readonly type: 'object'
  /** Has no prototype: `constructor` is a key only where the schema has it. */
  readonly keys: Readonly<Record<string, Schema<Facts>>>
  readonly required: readonly string[]
  /** Which other keys are valid: none (default), those that begin with `x-`, or all. */
  readonly additional: 'none' | 'x-' | 'all'
}

/** A value of any of some schemas. */
export interface UnionSchema<Facts = unknown> extends Common {
  readonly type: 'union'
  readonly options: readonly Schema<Facts>[]
}

/** A value that a function of these packages created, by its `kind`. */
export interface KindSchema extends Common {
  readonly type: 'kind'
  readonly kinds: readonly string[]
  /** Whether it has an origin, which an object literal does not have. */
  readonly created?: true
}

/**
 * The description of a value as plain data. What else a language knows of a key (its default, how
 * it is merged) are its `Facts`, which are next to the type.
 */
export type Schema<Facts = unknown> = Facts &
  (
    | SimpleSchema
    | EnumSchema
    | ListSchema<Facts>
    | MapSchema<Facts>
    | ObjectSchema<Facts>
    | UnionSchema<Facts>
    | KindSchema
  )

export const any: SimpleSchema = { type: 'any' }
export const nil: SimpleSchema = { type: 'null' }
export const boolean: SimpleSchema = { type: 'boolean' }
export const string: SimpleSchema = { type: 'string' }
export const number: SimpleSchema = { type: 'number' }
export const integer: SimpleSchema = { type: 'integer' }
export const fn: SimpleSchema = { type: 'function' }

/** One of some values. */
export const oneOf = (...values: readonly (string | number | boolean)[]): EnumSchema => ({
  type: 'enum',
  values,
})

export const list = <Facts = unknown>(items: Schema<NoInfer<Facts>>): ListSchema<Facts> => ({
  type: 'list',
  items,
})

export const map = <Facts = unknown>(
  values: Schema<NoInfer<Facts>>,
  keyFormat?: TextFormat,
): MapSchema<Facts> => ({
  type: 'map',
  values,
  ...(keyFormat && { keyFormat }),
})

export const union = <Facts = unknown>(
  ...options: readonly Schema<NoInfer<Facts>>[]
): UnionSchema<Facts> => ({
  type: 'union',
  options,
})

/** A list of anything. */
export const anyList = list(any)
/** An object with any keys and values. */
export const anyObject = map(any)

/**
 * A value that a function of these packages makes.
 *
 * @example kind('service')
 */
export const kind = (...kinds: readonly string[]): KindSchema => ({ type: 'kind', kinds })

/** A schema for each key of a type, so that the compiler finds one that is missing or unknown. */
export type Keys<Type, Facts = unknown> = {
  readonly [Key in keyof Type as Key extends string
    ? Key extends `x-${string}`
      ? never
      : Key
    : never]-?: Schema<Facts>
}

export interface ObjectSettings<Key> {
  readonly required?: readonly Key[]
  readonly additional?: ObjectSchema['additional']
}

/**
 * An object with known keys.
 *
 * @example
 * object<CacheOptions>({ image: string, maxMemory: union(string, number) }, { required: ['image'] })
 */
export function object<Type extends object = Record<string, unknown>, Facts = unknown>(
  keys: Keys<Type, NoInfer<Facts>>,
  { required = [], additional = 'none' }: ObjectSettings<keyof NoInfer<Type> & string> = {},
): ObjectSchema<Facts> {
  const own = Object.assign(Object.create(null), keys) as Record<string, Schema<Facts>>
  return { type: 'object', keys: own, required, additional }
}

/**
 * The same schema with a format.
 *
 * @example formatted(string, duration)
 */
export const formatted = <Type extends Schema>(schema: Type, format: TextFormat): Type => ({
  ...schema,
  format,
})

/** A format that is a regular expression. */
export const matching = (pattern: RegExp, expected: string, hint: string): TextFormat => ({
  expected,
  hint,
  pattern,
  accepts: (text) => pattern.test(text),
})

/** A text that a regular expression matches. */
export const textLike = (pattern: RegExp, expected: string): Schema =>
  formatted(string, matching(pattern, expected, `Write ${expected}.`))

/** An integer from 0 that a number of JavaScript holds exactly. */
export const count: Schema = formatted(integer, {
  expected: 'a count',
  hint: 'Write a count.',
  accepts: (digits) => /^\d+$/.test(digits) && Number.isSafeInteger(Number(digits)),
})

/**
 * An object with all keys of a type, for data that a program has written.
 *
 * @param optional keys that may be missing
 */
export function record<Type extends object>(
  keys: Keys<Type>,
  optional: readonly (keyof Type & string)[] = [],
  additional: ObjectSchema['additional'] = 'none',
): ObjectSchema {
  const names = Object.keys(keys) as (keyof Type & string)[]
  return object<Type>(keys, {
    required: names.filter((key) => !optional.includes(key)),
    additional,
  })
}
