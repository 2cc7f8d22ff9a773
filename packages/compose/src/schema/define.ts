import { type ObjectSchema, type Schema, schema } from '@erlmcp/core'
import type { Facts, SwarmSupport } from './facts.ts'
import { anyName } from './key-formats.ts'

/** A schema with what Compose and the engine know of the key. */
export type Entry = Schema<Facts>

export const { any, boolean, integer, nil, number, oneOf, string } = schema
export const list = schema.list<Facts>
export const union = schema.union<Facts>

/** An object whose keys are names. */
export const map = (values: Entry, name = anyName) => schema.map<Facts>(values, name)

/**
 * An object of the specification: known keys in their printed order, and extensions. The generator
 * writes an interface of that name.
 */
export const define = (
  name: string,
  keys: Readonly<Record<string, Entry>>,
  required: readonly string[] = [],
): ObjectSchema<Facts> & Facts => ({
  ...schema.object<Record<string, unknown>, Facts>(keys, { required, additional: 'x-' }),
  name,
})

/** The same, for an object of which a stack file has only some keys. */
export const defineForSwarm = (
  name: string,
  keys: Readonly<Record<string, Entry & { readonly swarm: SwarmSupport }>>,
  required?: readonly string[],
) => define(name, keys, required)

/** The same entry, of which more is known. */
export const withFacts = <Type extends Entry, More extends Facts>(
  entry: Type,
  facts: More,
): Type & More => ({
  ...entry,
  ...facts,
})

/** The same entry, under a key that only a Compose, or an engine, of that version knows. */
export const since = <Type extends Entry>(compose: string, entry: Type, engine?: string) =>
  withFacts(entry, { requires: { compose, ...(engine !== undefined && { engine }) } })

export const numberOrString = withFacts(union(number, string), { name: 'NumberLike' })
export const integerOrString = withFacts(union(integer, string), { name: 'NumberLike' })
export const scalar = union(string, number, boolean)
