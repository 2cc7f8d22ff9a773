import type { ListOrDict } from '../document.ts'

/** One entry of a mapping or of a list of `NAME=value`. */
export interface Entry {
  /** Its key in the document: a name, or an index. */
  readonly key: string | number
  readonly name: string
  /** As written; null for a variable of the shell. */
  readonly value: string | null
}

const none: readonly Entry[] = []

/** The entries of labels, build arguments or variables, from either form. */
export function entries(from: ListOrDict | undefined): readonly Entry[] {
  if (!from) return none
  if (isList(from)) return from.map(fromText)
  return Object.keys(from).map((name) => {
    const value = from[name]
    return { key: name, name, value: value === null || value === undefined ? null : `${value}` }
  })
}

function isList(from: ListOrDict): from is readonly string[] {
  return Array.isArray(from)
}

function fromText(text: string, key: number): Entry {
  const equals = text.indexOf('=')
  if (equals < 0) return { key, name: text, value: null }
  return { key, name: text.slice(0, equals), value: text.slice(equals + 1) }
}
