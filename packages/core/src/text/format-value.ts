import { inspect } from 'node:util'
import { ORIGIN } from '../document/origin.ts'

/**
 * A value in the words of a message, at most about 60 characters.
 *
 * @example
 * formatValue('a "b"') // "a \"b\""
 * formatValue(network('backend')) // the network backend
 */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(short(value))
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) {
    const { kind, name } = value as { kind?: unknown; name?: unknown }
    if (typeof kind === 'string') {
      const byHand = ORIGIN in value ? '' : ', not created by its function'
      return `the ${short(kind)}${typeof name === 'string' ? ` ${short(name)}` : ''}${byHand}`
    }
  }
  return short(inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY }))
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
