import type { Finding, Synthesis } from '@erlmcp/core'
import { paint, severityColours } from './colour.ts'
import { printable } from './printable.ts'

/**
 * Findings as a person reads them: where, what, and the way out. Waived ones are listed too. Two
 * files that say the same of one line of the stack say it once.
 */
export function humanText(
  { findings, waived }: Pick<Synthesis, 'findings' | 'waived'>,
  colour?: boolean,
): string {
  const accepted = waived.map(
    ({ finding, waiver }) =>
      `${placeOf(finding)}: waived until ${waiver.until}: ${finding.message} [${finding.rule}]\n  ${waiver.reason}\n`,
  )
  const shown = distinct(findings).map((finding) => {
    const { severity } = finding
    const word = paint(`${severity}:`, severityColours[severity], colour)
    return printable(inWords(finding)).replace(`: ${severity}: `, () => `: ${word} `)
  })
  return [...shown, printable([...new Set(accepted)].join(''))].join('')
}

/** Those that a person tells apart. */
export function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [inWords(finding), finding])).values()]
}

function inWords(finding: Finding): string {
  const { severity, message, rule, help } = finding
  return `${placeOf(finding)}: ${severity}: ${message} [${rule}]\n  ${help}\n`
}

function placeOf({ file, line, column }: Finding): string {
  return line === undefined ? file : `${file}:${line}:${column}`
}
