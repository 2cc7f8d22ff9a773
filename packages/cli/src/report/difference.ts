import { type Difference, printable } from '@erlmcp/core'
import { paintPatch } from './patch.ts'

/** `erlmcp diff` shows all lines. */
const lineLimit = 60

/**
 * The difference of a file for a terminal: the first lines of a long one, and nothing for a missing
 * file, where every line differs.
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
