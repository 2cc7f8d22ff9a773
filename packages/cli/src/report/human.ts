import type { Diagnostic, Synthesis } from '@erlmcp/core'
import { paint, severityColours } from './colour.ts'
import { printable } from './printable.ts'

/**
 * Diagnostics as a person reads them: where, what, and the way out. Waived ones are listed too. Two
 * files that say the same of one line of the stack say it once.
 */
export function humanText(
  { diagnostics, suppressed }: Pick<Synthesis, 'diagnostics' | 'suppressed'>,
  colour?: boolean,
): string {
  const accepted = suppressed.map(
    ({ diagnostic, suppression }) =>
      `${placeOf(diagnostic)}: suppressed until ${suppression.until}: ${diagnostic.message} [${diagnostic.rule}]\n  ${suppression.reason}\n`,
  )
  const shown = distinct(diagnostics).map((diagnostic) => {
    const { severity } = diagnostic
    const word = paint(`${severity}:`, severityColours[severity], colour)
    return printable(inWords(diagnostic)).replace(`: ${severity}: `, () => `: ${word} `)
  })
  return [...shown, printable([...new Set(accepted)].join(''))].join('')
}

/** Those that a person tells apart. */
export function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [inWords(diagnostic), diagnostic])).values()]
}

function inWords(diagnostic: Diagnostic): string {
  const { severity, message, rule, hint } = diagnostic
  return `${placeOf(diagnostic)}: ${severity}: ${message} [${rule}]\n  ${hint}\n`
}

function placeOf({ file, line, column }: Diagnostic): string {
  return line === undefined ? file : `${file}:${line}:${column}`
}
