import type { Difference } from '@erlmcp/core'
import { paintPatch } from './colour.ts'
import { printable } from './printable.ts'

/** Of a difference; `erlmcp diff` shows all of it. */
const lineLimit = 60

/**
 * How a file differs, for people: the beginning of a long difference, and nothing of a file that
 * is missing, whose every line would be one.
 */
export function differenceText(
  { kind, diff }: Difference,
  diffCommand: string,
  colour?: boolean,
): string {
  if (kind === 'missing') return ''
  const lines = diff.split('\n')
  const more = lines.length - 1 - lineLimit
  if (more <= 0) return paintPatch(printable(diff), colour)
  const note = `… ${more} more lines: ${diffCommand}`
  return `${paintPatch(printable(lines.slice(0, lineLimit).join('\n')), colour)}\n${printable(note)}\n`
}
