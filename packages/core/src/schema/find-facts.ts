import { memoize } from '../memoize.ts'
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
 * Finds every value below and with one whose schema has one of the facts, by fact, in the order of the
 * document. It walks the value once for all of them, and passes over parts without any.
 *
 * @example
 * const find = findFacts(fileSchema, ['since', 'format'])
 * for (const { path, value, schema } of find(file).since) …
 */
export function findFacts<Facts, const Fact extends string>(
  root: Schema<Facts>,
  facts: readonly Fact[],
  options: MatchOptions = {},
): (value: unknown) => Readonly<Record<Fact, readonly Described<Facts>[]>> {
  const factsOf = memoize((schema: Schema) => facts.filter((fact) => fact in schema))
  const isEmpty: (schema: Schema) => boolean = memoize(
    (schema) => factsOf(schema).length === 0 && partsOf(schema).every(isEmpty),
  )
  return (value) => {
    const path: (string | number)[] = []
    const found = Object.fromEntries(facts.map((fact) => [fact, [] as Described<Facts>[]]))
    collect(root, value)
    return found as Record<Fact, Described<Facts>[]>

    function collect(schema: Schema<Facts>, value: unknown): void {
      if (value === undefined || isEmpty(schema)) return
      const own = factsOf(schema)
      if (own.length > 0) {
        const described = { path: [...path], value, schema }
        for (const fact of own) found[fact]!.push(described)
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
}

/** The schemas that a schema is made of. */
export function partsOf<Facts>(schema: Schema<Facts>): readonly Schema<Facts>[] {
  if (schema.type === 'union') return schema.options
  if (schema.type === 'list') return [schema.items]
  if (schema.type === 'map') return [schema.values]
  return schema.type === 'object' ? Object.values(schema.keys) : []
}
