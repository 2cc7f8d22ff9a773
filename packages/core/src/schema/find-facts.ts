import { isObject, type MatchOptions } from './matches.ts'
import type { Schema } from './schema.ts'
import { selectOption } from './validate.ts'

/** A value, with the schema that it has at its place. */
export interface Described<Facts = unknown> {
  readonly path: readonly (string | number)[]
  readonly value: unknown
  readonly schema: Schema<Facts>
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
  options?: MatchOptions,
): readonly Described<Facts>[] {
  const found: Described<Facts>[] = []
  const path: (string | number)[] = []
  // Several rules walk each file: no generators, and a path is copied only where it is reported.
  const visit = (schema: Schema<Facts>, value: unknown): void => {
    if (value === undefined || !hasFact(schema, fact)) return
    if (fact in (schema as object)) found.push({ path: [...path], value, schema })
    if (schema.type === 'union') {
      const option = selectOption(schema, value, options)
      if (option) visit(option, value)
    } else if (schema.type === 'list' && Array.isArray(value)) {
      for (const [index, item] of value.entries()) enter(index, schema.items, item)
    } else if (schema.type === 'map' && isObject(value)) {
      for (const key in value) enter(key, schema.values, value[key])
    } else if (schema.type === 'object' && isObject(value)) {
      for (const key in value) {
        const known = schema.keys[key]
        if (known) enter(key, known, value[key])
      }
    }
  }
  const enter = (key: string | number, schema: Schema<Facts>, value: unknown): void => {
    path.push(key)
    visit(schema, value)
    path.pop()
  }
  visit(schema, value)
  return found
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
