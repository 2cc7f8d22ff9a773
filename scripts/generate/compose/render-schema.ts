import type { schema } from '@erlmcp/core'
import type { Entry } from '../../../packages/compose/src/schema/define.ts'

/** What `described` of the generated file adds: the words of a diagnostic. */
const head = `import { schema } from '@erlmcp/core'

const { boolean, integer, list, map, matching, nil, number, oneOf, string, union } = schema
const object = (keys: Readonly<Record<string, schema.Schema>>, ...required: readonly string[]) =>
  schema.object(keys, { required, additional: 'x-' })
const described = <Type extends schema.Schema>(entry: Type, expected: string, hint: string): Type => ({
  ...entry,
  expected,
  hint,
})
`

/**
 * Renders the table as code that has only what rendering needs: the types of values and the words of
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
  const code = lines.join('')
  const formats = [...new Set(code.match(/matching\(.*?\)(?=\))/g))]
  const named = formats.reduce((text, one, n) => text.replaceAll(one, `keyFormat${n + 1}`), code)
  const constants = formats.map((one, n) => `const keyFormat${n + 1} = ${one}\n`)
  return `${head}\n${constants.join('')}\n${named}`
}

const json = (value: unknown) => JSON.stringify(value)

/** The code of an entry, with that of its parts. */
function textOf(entry: Entry, part: (entry: Entry) => string = textOf): string {
  const type = typeText(entry, part)
  const { format } = entry
  return format ? `described(${type}, ${json(format.expected)}, ${json(format.hint)})` : type
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
      return `map(${part(entry.values)}, ${keyFormatText(entry.keyFormat)})`
    case 'union':
      return `union(${entry.options.map((one) => part(one)).join(', ')})`
    case 'object': {
      const keys = Object.entries(entry.keys).map(([key, value]) => `${key}: ${part(value)}`)
      return `object({ ${keys.join(', ')} }${entry.required.map((key) => `, ${json(key)}`).join('')})`
    }
    default:
      return entry.type
  }
}

/** The code of the format of names, which is a regular expression. */
function keyFormatText({ pattern, expected, hint }: Partial<schema.TextFormat> = {}): string {
  if (!pattern) throw new Error('a map whose keys have no pattern')
  return `matching(${pattern}, ${json(expected)}, ${json(hint)})`
}
