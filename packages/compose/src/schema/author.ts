import { type KindSchema, schema } from '@erlmcp/core'
import { list, string, union } from './define.ts'
import type { AuthorFacts, Facts } from './facts.ts'

// What authors write in place of the names and texts of a file.

/** A value that a function of this package created. */
export const created = (...kinds: readonly string[]): KindSchema => ({
  ...schema.kind(...kinds),
  created: true,
})

/** A list of values in place of names. */
export function valuesOf(example: string, ...kinds: readonly string[]): Facts {
  const hint = `Write ${example}.`
  return { author: { schema: { ...list({ ...created(...kinds), hint }), hint } } }
}

/** A mode of the engine, or the container whose namespace is shared. */
export const namespaceOf = (modes: string): Facts => ({
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

const typed = (type: string): { readonly author: AuthorFacts } => ({ author: { type } })

export const asDuration = typed('Duration')
export const asSize = typed('ByteSize')
export const asCount = typed('Count')
