import type { Severity } from '@erlmcp/core'

const codes = { bold: 1, red: 31, green: 32, yellow: 33, cyan: 36 } as const

/** Text in a colour, where the output shows colours. */
export function paint(
  text: string,
  colour: keyof typeof codes,
  isShown: boolean | undefined,
): string {
  return isShown ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text
}

export const severityColours = {
  error: 'red',
  warning: 'yellow',
  note: 'cyan',
} as const satisfies Record<Severity, keyof typeof codes>

/** A patch: what goes in red, what comes in green. */
export function paintPatch(patch: string, isShown: boolean | undefined): string {
  if (!isShown) return patch
  return patch
    .split('\n')
    .map((line) => {
      if (/^(---|\+\+\+) /.test(line)) return paint(line, 'bold', true)
      if (line.startsWith('-')) return paint(line, 'red', true)
      return line.startsWith('+') ? paint(line, 'green', true) : line
    })
    .join('\n')
}
