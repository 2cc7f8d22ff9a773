import type { Entry } from '../../../packages/compose/src/schema/define.ts'
import * as keyFormats from '../../../packages/compose/src/schema/key-formats.ts'
import { mountText, withoutNul } from '../../../packages/compose/src/values/text-formats.ts'

const authorFormats = { mountText, withoutNul }

/** The first lines, with what the body uses. */
function head(body: string): string {
  const code = body.replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
  const used = (names: readonly string[]) =>
    names.filter((name) => new RegExp(`\\b${name}\\b`).test(code)).join(', ')
  const formats = used(Object.keys(authorFormats))
  return `import { schema } from '@erlmcp/core'
${formats && `import { ${formats} } from '../values/text-formats.ts'`}
import { ${used(Object.keys(keyFormats).sort())} } from './key-formats.ts'

const { ${used(['any', 'boolean', 'formatted', 'integer', 'list', 'map', 'nil', 'number', 'oneOf', 'string', 'union'])} } = schema
const object = (keys: Readonly<Record<string, schema.Schema>>, ...required: readonly string[]) =>
  schema.object(keys, { required, additional: 'x-' })
// The words of a diagnostic.
const described = <Type extends schema.Schema>(entry: Type, hint: string, expected?: string): Type => ({
  ...entry,
  hint,
  ...(expected !== undefined && { expected }),
})
${code.includes('created(') ? 'const created = (...kinds: readonly string[]) => ({ ...schema.kind(...kinds), created: true as const })' : ''}
`
}

/**
 * Renders a schema as code that has only what validation needs: the types of values and the words of
 * diagnostics about them. Formats, versions, merging and swarms stay in the table, which rules read.
 *
 * @param roots the objects that are exported, by name
 */
export function renderSchema(roots: Readonly<Record<string, Entry>>): string {
  const uses = new Map<string, number>()
  const count = (entry: Entry): string => {
    const text = textOf(entry)
    const before = uses.get(text) ?? 0
    uses.set(text, before + 1)
    if (before === 0) textOf(entry, count)
    return text
  }
  for (const entry of Object.values(roots)) count(entry)

  const exported = new Map(Object.entries(roots).map(([name, entry]) => [textOf(entry), name]))
  const declared = new Map<string, string>()
  const lines: string[] = []
  // A part that is used several times is a constant, declared before its first use.
  const write = (entry: Entry): string => {
    const text = textOf(entry)
    const known = declared.get(text)
    if (known !== undefined) return known
    const code = textOf(entry, write)
    const root = exported.get(text)
    if (root === undefined && (uses.get(text) === 1 || !text.includes('('))) return code
    const name = root ?? `part${declared.size + 1}`
    declared.set(text, name)
    lines.push(`${root === undefined ? '' : 'export '}const ${name} = ${code}\n`)
    return name
  }
  for (const entry of Object.values(roots)) write(entry)
  const body = lines.join('')
  return `${head(body)}\n${body}`
}

const json = (value: unknown) => JSON.stringify(value)

/** The code of an entry, with that of its parts. */
function textOf(entry: Entry, part: (entry: Entry) => string = textOf): string {
  const type = typeText(entry, part)
  const { format } = entry
  const [authorFormat] = Object.entries(authorFormats).find(([, one]) => one === format) ?? []
  if (authorFormat !== undefined) return `formatted(${type}, ${authorFormat})`
  const { expected = format?.expected, hint = format?.hint } = entry
  if (hint === undefined) return type
  return `described(${[type, json(hint), expected && json(expected)].filter(Boolean).join(', ')})`
}

function typeText(entry: Entry, part: (entry: Entry) => string): string {
  switch (entry.type) {
    case 'null':
      return 'nil'
    case 'enum':
      return `oneOf(${entry.values.map(json).join(', ')})`
    case 'list':
      return `list(${part(entry.items)})`
    case 'map':
      return `map(${part(entry.values)}, ${nameOf(entry.keyFormat)})`
    case 'union':
      return `union(${entry.options.map((one) => part(one)).join(', ')})`
    case 'kind':
      return `created(${entry.kinds.map(json).join(', ')})`
    case 'object': {
      const keys = Object.entries(entry.keys).map(([key, value]) => `${key}: ${part(value)}`)
      if (entry.additional === 'all') {
        return `schema.object({ ${keys.join(', ')} }, { required: ${json(entry.required)}, additional: 'all' })`
      }
      return `object({ ${keys.join(', ')} }${entry.required.map((key) => `, ${json(key)}`).join('')})`
    }
    default:
      return entry.type
  }
}

function nameOf(format: unknown): string {
  const [name] = Object.entries(keyFormats).find(([, one]) => one === format) ?? []
  if (name === undefined) throw new Error('a map whose keys have no format of key-formats.ts')
  return name
}
