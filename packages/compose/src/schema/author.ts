import { type KindSchema, schema } from '@erlmcp/core'
import { type Entry, list, string, union, withFacts } from './define.ts'
import type { AuthorFacts, ComposeFormat, Facts } from './facts.ts'

// What authors write in place of the names and texts of a file.

type Authored = { readonly author: AuthorFacts }

/** A value that a function of this package created. */
export const created = (...kinds: readonly string[]): KindSchema => ({
  ...schema.kind(...kinds),
  created: true,
})

/** A list of values in place of names. */
export function valuesOf(example: string, ...kinds: readonly string[]): Authored {
  const hint = `Write ${example}.`
  return { author: { schema: { ...list({ ...created(...kinds), hint }), hint } } }
}

/** A mode of the engine, or the container whose namespace is shared. */
export const namespaceOf = (modes: string): Authored => ({
  author: {
    schema: {
      ...union(string, created('service')),
      hint: "Write 'host', or the service itself.",
    },
    type: `${modes} | \`container:\${string}\` | ServiceValue | Interpolation`,
  },
})

/** An image that another document builds. */
export const builtImage = {
  ...schema.object<Record<string, unknown>, Facts>(
    { image: schema.any, build: schema.any, user: schema.any, writable: schema.any },
    { required: ['image', 'build', 'user', 'writable'], additional: 'all' },
  ),
  author: { type: 'BuiltImage' },
}

/** The same object, with keys that only an author writes. */
export const withAuthor = <Type extends Entry>(keys: AuthorFacts['keys'] & {}, entry: Type) =>
  withFacts(entry, { author: { keys } })

const typed = (type: string): Authored => ({ author: { type } })

/** One of some words. */
export const asOneOf = (...words: readonly string[]): Authored =>
  typed(`${words.map((word) => `'${word}'`).join(' | ')} | Interpolation`)

/** One of some words, of which a rule reports another. */
export const wordsOf = (
  format: (...words: readonly string[]) => ComposeFormat,
  ...words: readonly string[]
) => ({ format: format(...words), ...asOneOf(...words) })

export const asDuration = typed('Duration')
export const asSize = typed('ByteSize')
export const asCount = typed('Count')
