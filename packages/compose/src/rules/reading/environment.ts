import type { ListOrDict, Service } from '../../document.ts'
import { remembered } from './remembered.ts'

/** One entry of a mapping or of a list of `NAME=value`. */
export interface Entry {
  /** Its key in the document: a name, or an index. */
  readonly key: string | number
  readonly name: string
  /** As it is written; null when the shell gives it. */
  readonly value: string | null
}

const none: readonly Entry[] = []

/** The variables that a service is given in the file itself. */
export function environment(service: Service): readonly Entry[] {
  return service.environment ? entries(service.environment) : none
}

/** The entries of labels, arguments, variables: both forms. */
export const entries = remembered((from: ListOrDict): readonly Entry[] => {
  if (isList(from)) return from.map(fromText)
  return Object.keys(from).map((name) => {
    const value = from[name]
    return { key: name, name, value: value === null || value === undefined ? null : `${value}` }
  })
})

function isList(from: ListOrDict): from is readonly string[] {
  return Array.isArray(from)
}

function fromText(text: string, key: number): Entry {
  const equals = text.indexOf('=')
  if (equals < 0) return { key, name: text, value: null }
  return { key, name: text.slice(0, equals), value: text.slice(equals + 1) }
}
