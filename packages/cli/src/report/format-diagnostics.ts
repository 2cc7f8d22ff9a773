import { type Diagnostic, paint, printable, type Severity, type Synthesis } from '@erlmcp/core'

export const severityColours = {
  error: 'red',
  warning: 'yellow',
  note: 'cyan',
} as const satisfies Record<Severity, string>

/**
 * Diagnostics for a terminal: location, message and hint. Suppressed ones are listed, too. Two files
 * with the same diagnostic for one line of the stack are one.
 */
export function formatDiagnostics(
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
    return printable(formatDiagnostic(diagnostic)).replace(`: ${severity}: `, () => `: ${word} `)
  })
  return [...shown, printable([...new Set(accepted)].join(''))].join('')
}

/** Diagnostics without those that print the same text. */
export function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [
    ...new Map(
      diagnostics.map((diagnostic) => [formatDiagnostic(diagnostic), diagnostic]),
    ).values(),
  ]
}

function formatDiagnostic(diagnostic: Diagnostic): string {
  const { severity, message, rule, hint } = diagnostic
  return `${placeOf(diagnostic)}: ${severity}: ${message} [${rule}]\n  ${hint}\n`
}

function placeOf({ file, line, column }: Diagnostic): string {
  return line === undefined ? file : `${file}:${line}:${column}`
}
