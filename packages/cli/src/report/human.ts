import type { Finding, Synthesis } from '@erlmcp/core'
import { printable } from './printable.ts'

/**
 * Findings as a person reads them: where, what, and the way out. Waived ones are listed too. Two
 * files that say the same of one line of the stack say it once.
 */
export function humanText({ findings, waived }: Pick<Synthesis, 'findings' | 'waived'>): string {
  const accepted = waived.map(
    ({ finding, waiver }) =>
      `${placeOf(finding)}: waived until ${waiver.until}: ${finding.message} [${finding.rule}]\n  ${waiver.reason}\n`,
  )
  return printable([...distinct(findings).map(inWords), ...new Set(accepted)].join(''))
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
