import type { Entry } from '../../../packages/compose/src/schema/define.ts'

const known = new WeakMap<object, Entry>()

/**
 * The schema that validates what an author writes for an entry: as in the file, with values in place of
 * names. A rule checks the formats of the file, since it knows the dialect.
 */
export function authorSchema<Type extends Entry>(entry: Type): Type {
  const found = known.get(entry) ?? derive(entry)
  known.set(entry, found)
  // What an author writes for an object is an object.
  return found as Type
}

function derive(entry: Entry): Entry {
  const { author = {}, format, ...rest } = entry
  if (author.schema) return authorSchema(author.schema)
  const own = {
    ...rest,
    ...(author.format ? { format: author.format } : wordsOf(format, entry)),
  } as Entry
  switch (own.type) {
    case 'list':
      return { ...own, items: authorSchema(own.items) }
    case 'map':
      return { ...own, values: authorSchema(own.values) }
    case 'union':
      return { ...own, options: own.options.map(authorSchema) }
    case 'object': {
      const all = Object.entries({ ...own.keys, ...author.keys })
      const written = all.filter(([, one]) => !one.author?.omit)
      const keys = Object.assign(
        Object.create(null),
        Object.fromEntries(written.map(([key, one]) => [key, authorSchema(one)])),
      ) as typeof own.keys
      const required = (author.required ?? own.required).filter((key) => key in keys)
      return { ...own, keys, required }
    }
    default:
      return own
  }
}

/** The words of a format for a value of another type. */
function wordsOf(format: Entry['format'], { expected, hint }: Entry): Partial<Entry> {
  if (format === undefined) return {}
  return { expected: expected ?? format.expected, hint: hint ?? format.hint }
}
