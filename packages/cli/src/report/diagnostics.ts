import { formatAnnotation, type Severity, type Synthesis } from '@erlmcp/core'
import { distinct, formatDiagnostics } from './format-diagnostics.ts'
import { sarifLogOf } from './sarif.ts'

type Judged = Pick<Synthesis, 'diagnostics' | 'suppressed' | 'rules'>

/** Options of a command that reports diagnostics. */
interface ReportArguments {
  readonly options: {
    readonly format: 'human' | 'json' | 'sarif' | 'github'
    readonly notes?: boolean
  }
}

/** The diagnostics in the requested format; JSON is the command's own. */
export function reportDiagnostics(
  judged: Judged,
  { options }: ReportArguments,
  colour?: boolean,
): string {
  switch (options.format) {
    case 'sarif':
      return `${JSON.stringify(sarifLogOf(judged), null, 2)}\n`
    case 'github':
      return judged.diagnostics
        .map(({ rule, message, hint, ...place }) => {
          return `${formatAnnotation({ ...place, title: rule, message: `${message}\n${hint}` })}\n`
        })
        .join('')
    default:
      return formatDiagnostics(options.notes ? judged : withoutNotes(judged), colour)
  }
}

function withoutNotes(judged: Judged): Judged {
  return {
    ...judged,
    diagnostics: judged.diagnostics.filter(({ severity }) => severity !== 'note'),
  }
}

/** The number of diagnostics by severity: `2 errors, 1 warning`; empty without any. */
export function countDiagnostics(
  { diagnostics }: Pick<Synthesis, 'diagnostics'>,
  ...severities: readonly Severity[]
): string {
  const counts = severities.map((severity) => {
    const count = distinct(diagnostics).filter((one) => one.severity === severity).length
    return count === 0 ? '' : `${count} ${severity}${count === 1 ? '' : 's'}`
  })
  return counts.filter(Boolean).join(', ')
}

export function wantsJson({ options }: ReportArguments): boolean {
  return options.format === 'json'
}

/** Formats that programs read go to standard output, alone. */
export function isForPrograms({ options }: ReportArguments): boolean {
  return options.format === 'sarif' || options.format === 'github'
}
