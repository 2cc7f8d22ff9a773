import type { Entry } from '../../../packages/compose/src/schema/define.ts'
import type { Docs } from './read-docs.ts'

type Node = Record<string, unknown>

/** Renders the JSON Schema (draft 2020-12) of a table: a definition for each entry with a name. */
export function renderJsonSchema(root: Entry, title: string, docs: Docs): Node {
  const definitions: Record<string, Node> = {}
  const { $ref: _, ...top } = describe(root, root.name)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    ...top,
    $defs: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1))),
  }

  function reference(entry: Entry): Node {
    if (entry.name === undefined || entry.type !== 'object') return describe(entry)
    if (definitions[entry.name] === undefined) {
      definitions[entry.name] = {}
      definitions[entry.name] = describe(entry, entry.name)
    }
    return { $ref: `#/$defs/${entry.name}` }
  }

  function describe(entry: Entry, name?: string): Node {
    const doc = name === undefined ? undefined : docs.get(name)
    return { ...(doc !== undefined && { description: doc }), ...typeOf(entry, name) }
  }

  function typeOf(entry: Entry, name?: string): Node {
    switch (entry.type) {
      case 'any':
        return {}
      case 'enum':
        return { enum: [...entry.values] }
      case 'list':
        return {
          type: 'array',
          items: reference(entry.items),
          ...(entry.unique && { uniqueItems: true }),
        }
      case 'map':
        return { type: 'object', additionalProperties: reference(entry.values) }
      case 'union':
        return { anyOf: entry.options.map(reference) }
      case 'object':
        return {
          type: 'object',
          properties: Object.fromEntries(
            Object.entries(entry.keys).map(([key, value]) => {
              const doc = docs.get(`${name}.${key}`) ?? docs.get(`*.${key}`)
              return [key, { ...(doc !== undefined && { description: doc }), ...reference(value) }]
            }),
          ),
          ...(entry.required.length > 0 && { required: [...entry.required] }),
          patternProperties: { '^x-': {} },
          additionalProperties: false,
        }
      case 'string': {
        const { pattern } = entry.format ?? {}
        // A text with a variable is any text.
        if (pattern?.flags !== '') return { type: 'string' }
        return { type: 'string', pattern: `\\$|${pattern.source}` }
      }
      default:
        return { type: entry.type }
    }
  }
}
