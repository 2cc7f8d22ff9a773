import type { Entry } from '../../../packages/compose/src/schema/define.ts'
import type { Docs } from './read-docs.ts'
import { Types } from './types.ts'

/** Renders the reference page of a table: a section for each object, a row for each key. */
export function renderReference(root: Entry, docs: Docs): string {
  const types = new Types(docs)
  const objects = new Map<string, Entry>()
  collect(root)
  return [...objects].map(([name, entry]) => section(name, entry)).join('\n')

  function collect(entry: Entry): void {
    if (entry.type === 'object') {
      if (objects.has(entry.name!)) return
      objects.set(entry.name!, entry)
      for (const key of Object.values(entry.keys)) collect(key)
    } else if (entry.type === 'list') collect(entry.items)
    else if (entry.type === 'map') collect(entry.values)
    else if (entry.type === 'union') for (const option of entry.options) collect(option)
  }

  function section(name: string, entry: Entry): string {
    if (entry.type !== 'object') return ''
    const rows = Object.entries(entry.keys).map(([key, value]) => {
      const doc = docs.get(`${name}.${key}`) ?? docs.get(`*.${key}`) ?? ''
      const [meaning, fallback] = splitDefault(doc)
      const required = entry.required.includes(key) ? ' (required)' : ''
      const cells = [
        `\`${key}\`${required}`,
        `\`${types.textOf(value)}\``,
        fallback,
        sinceOf(value),
        value.merge ?? (value.identity === undefined ? '' : `unique by ${value.identity}`),
        swarmOf(value),
        meaning,
      ]
      return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
    })
    const title = docs.get(name)?.split('\n\n')[0]?.replaceAll('\n', ' ') ?? ''
    return [
      `## ${name}\n`,
      ...(title === '' ? [] : [`${title}\n`]),
      '| key | type | default | since | merge | swarm | meaning |',
      '|---|---|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n')
  }
}

function splitDefault(doc: string): readonly [meaning: string, fallback: string] {
  const match = /\s*Default: (.*?)\.(?=\s|$)/s.exec(doc)
  if (!match) return [doc, '']
  return [
    `${doc.slice(0, match.index)}${doc.slice(match.index + match[0].length)}`.trim(),
    match[1]!,
  ]
}

function sinceOf({ requires = {} }: Entry): string {
  const { compose, engine } = requires
  const parts = [compose && `Compose ${compose}`, engine && `Engine ${engine}`]
  return parts.filter(Boolean).join(', ')
}

function swarmOf({ swarm }: Entry): string {
  if (typeof swarm !== 'object') return swarm ?? ''
  const { action, movedTo, advice } = swarm
  if (movedTo !== undefined) return `moved to \`${movedTo}\``
  return advice === undefined ? action : `${action}. ${advice}`
}
