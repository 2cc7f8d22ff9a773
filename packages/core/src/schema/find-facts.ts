import { isObject, type MatchOptions } from './matches.ts'
import type { Schema } from './schema.ts'
import { selectOption } from './validate.ts'

/** A value, with the schema that it has at its place. */
export interface Described<Facts = unknown> {
  readonly path: readonly (string | number)[]
  readonly value: unknown
  readonly schema: Schema<Facts>
}

/** How values are found. */
export interface FindOptions<Facts = unknown> extends MatchOptions {
  /** Whether a value is wanted, which is asked before its path is copied. Default: each is. */
  readonly where?: (value: unknown, schema: Schema<Facts>) => boolean
}

/**
 * Every value below and with one whose schema has a fact, in the order of the document. Parts
 * without it are passed over.
 *
 * @example
 * for (const { path, value, schema } of findFacts(fileSchema, file, 'since')) …
 */
export function findFacts<Facts>(
  schema: Schema<Facts>,
  value: unknown,
  fact: string,
  options: FindOptions<Facts> = {},
): readonly Described<Facts>[] {
  const path: (string | number)[] = []
  const found: Described<Facts>[] = []
  collect(schema, value)
  return found

  function collect(schema: Schema<Facts>, value: unknown): void {
    if (value === undefined || !hasFact(schema, fact)) return
    if (fact in (schema as object) && (options.where?.(value, schema) ?? true)) {
      found.push({ path: [...path], value, schema })
    }
    if (schema.type === 'union') {
      const option = selectOption(schema, value, options)
      if (option) collect(option, value)
    } else if (schema.type === 'list' && Array.isArray(value)) {
      for (const [index, item] of value.entries()) collectAt(index, schema.items, item)
    } else if (schema.type === 'map' && isObject(value)) {
      for (const key in value) collectAt(key, schema.values, value[key])
    } else if (schema.type === 'object' && isObject(value)) {
      for (const key in value) {
        const known = schema.keys[key]
        if (known) collectAt(key, known, value[key])
      }
    }
  }

  function collectAt(key: string | number, schema: Schema<Facts>, value: unknown): void {
    path.push(key)
    collect(schema, value)
    path.pop()
  }
}

const known = new Map<string, WeakMap<object, boolean>>()

/** Whether a schema, or one in it, has a fact. */
export function hasFact(schema: Schema, fact: string): boolean {
  const answers = known.get(fact) ?? new WeakMap<object, boolean>()
  known.set(fact, answers)
  let answer = answers.get(schema)
  if (answer === undefined) {
    answer = fact in schema || partsOf(schema).some((part) => hasFact(part, fact))
    answers.set(schema, answer)
  }
  return answer
}

/** The schemas that a schema is made of. */
export function partsOf<Facts>(schema: Schema<Facts>): readonly Schema<Facts>[] {
  if (schema.type === 'union') return schema.options
  if (schema.type === 'list') return [schema.items]
  if (schema.type === 'map') return [schema.values]
  return schema.type === 'object' ? Object.values(schema.keys) : []
}
