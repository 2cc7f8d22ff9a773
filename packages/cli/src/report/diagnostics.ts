import type { Severity, Synthesis } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { annotations } from './github.ts'
import { distinct, humanText } from './human.ts'
import { sarifLog } from './sarif.ts'

type Judged = Pick<Synthesis, 'diagnostics' | 'suppressed' | 'rules'>

/** The diagnostics in the format that was asked for; JSON is the command's own. */
export function reportFindings(judged: Judged, { options }: Arguments, colour?: boolean): string {
  switch (options.format) {
    case 'sarif':
      return `${JSON.stringify(sarifLog(judged), null, 2)}\n`
    case 'github':
      return annotations(judged)
    default:
      return humanText(withoutNotes(judged, options.notes === true), colour)
  }
}

/** Notes are worth knowing, and shown to those who ask; everybody else gets their number. */
function withoutNotes(judged: Judged, isAsked: boolean): Judged {
  if (isAsked) return judged
  return {
    ...judged,
    diagnostics: judged.diagnostics.filter(({ severity }) => severity !== 'note'),
  }
}

/** How many diagnostics there are, in words: `2 errors, 1 warning`; empty where there is none. */
export function countFindings(
  { diagnostics }: Pick<Synthesis, 'diagnostics'>,
  ...severities: readonly Severity[]
): string {
  const counts = severities.map((severity) => {
    const count = distinct(diagnostics).filter((one) => one.severity === severity).length
    return count === 0 ? '' : `${count} ${severity}${count === 1 ? '' : 's'}`
  })
  return counts.filter(Boolean).join(', ')
}

/** `--json` and `--format json` are one. */
export function wantsJson({ options }: Arguments): boolean {
  return options.json === true || options.format === 'json'
}

/** Formats that programs read go to standard output, alone. */
export function isForPrograms({ options }: Arguments): boolean {
  return ['sarif', 'github'].includes(String(options.format))
}
