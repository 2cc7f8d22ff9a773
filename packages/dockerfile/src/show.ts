import { inspect } from 'node:util'

/** What a person wrote, short enough for a line, also where it is no data. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(short(value))
  return short(inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY }))
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
