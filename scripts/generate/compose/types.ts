import type { Entry } from '../../../packages/compose/src/schema/define.ts'
import type { Docs } from './read-docs.ts'

/** Renders the TypeScript types of a schema: an interface or alias for each entry with a name. */
export function renderTypes(root: Entry, docs: Docs): string {
  const types = new Types(docs)
  types.textOf(root)
  return types.render()
}

type ObjectEntry = Entry & { readonly type: 'object' }

/** The types of a table, declared as they are first named. */
export class Types {
  protected readonly docs: Docs
  readonly #declarations = new Map<string, string>()
  /** The documentation of the key that is rendered: that of a type without its own. */
  #ofKey: string | undefined

  constructor(docs: Docs) {
    this.docs = docs
  }

  render(): string {
    const names = [...this.#declarations.keys()].sort()
    return names.map((name) => this.#declarations.get(name)).join('\n\n')
  }

  /** The type of an entry, by its name where it has one. */
  textOf(entry: Entry): string {
    const name = this.nameOf(entry)
    if (name === undefined) return this.inline(entry)
    if (!this.#declarations.has(name)) {
      this.#declarations.set(name, '')
      this.#declarations.set(name, this.#declare(name, entry))
    }
    return name
  }

  /** The name of the type of an entry. */
  protected nameOf(entry: Entry): string | undefined {
    return entry.name
  }

  /** The keys of an object. */
  protected keysOf({ keys }: ObjectEntry): readonly (readonly [string, Entry])[] {
    return Object.entries(keys)
  }

  /** The documentation of a key. */
  protected docOf({ name }: ObjectEntry, key: string, _value: Entry): string | undefined {
    return this.docs.get(`${name}.${key}`) ?? this.docs.get(`*.${key}`)
  }

  #declare(name: string, entry: Entry): string {
    const ofKey = this.#ofKey
    const doc = comment(this.docs.get(entry.name!) ?? ofKey, '')
    if (entry.type !== 'object') return `${doc}export type ${name} = ${this.inline(entry)}`
    const required = entry.author?.required ?? entry.required
    const keys = this.keysOf(entry).map(([key, value]) => {
      const optional = required.includes(key) ? '' : '?'
      const text = this.docOf(entry, key, value)
      this.#ofKey = text
      return `${comment(text, '  ')}  readonly ${key}${optional}: ${this.textOf(value)}`
    })
    this.#ofKey = ofKey
    return `${doc}export interface ${name} extends Extensible {\n${keys.join('\n')}\n}`
  }

  protected inline(entry: Entry): string {
    switch (entry.type) {
      case 'integer':
        return 'number'
      case 'any':
        return 'unknown'
      case 'enum':
        return entry.values
          .map((value) => (typeof value === 'string' ? `'${value}'` : value))
          .join(' | ')
      case 'list': {
        const item = this.textOf(entry.items)
        return `readonly ${/ \| |^readonly /.test(item) ? `(${item})` : item}[]`
      }
      case 'map':
        return `{ readonly [name: string]: ${this.textOf(entry.values)} }`
      case 'union':
        return [...new Set(entry.options.map((option) => this.textOf(option)))].join(' | ')
      case 'object':
        throw new Error('an object of the table needs a name')
      default:
        return entry.type
    }
  }
}

/** A documentation comment, or nothing. */
export function comment(text: string | undefined, indent: string): string {
  if (text === undefined) return ''
  const lines = text.split('\n')
  if (lines.length === 1) return `${indent}/** ${text} */\n`
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`
}
