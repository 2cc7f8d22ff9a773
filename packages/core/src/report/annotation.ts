import type { Severity } from '../lint/diagnostic.ts'
import { printable } from './printable.ts'

/** An annotation of GitHub Actions. */
export interface Annotation {
  readonly severity: Severity
  /** Relative to the root of the repository. Without it the annotation belongs to the step. */
  readonly file?: string | undefined
  /** From 1. */
  readonly line?: number | undefined
  /** From 1. */
  readonly column?: number | undefined
  readonly title: string
  readonly message: string
}

const commands: Record<Severity, string> = { error: 'error', warning: 'warning', note: 'notice' }

/**
 * The workflow command that makes GitHub Actions show an annotation at its line. It has no line end.
 *
 * @example
 * formatAnnotation({ severity: 'error', file: 'a.erl', line: 4, title: 'eunit', message: 'failed' })
 * // '::error file=a.erl,line=4,title=eunit::failed'
 */
export function formatAnnotation(annotation: Annotation): string {
  const { severity, file, line, column, title, message } = annotation
  const properties = Object.entries({ file, line, col: column, title }).flatMap(([name, value]) =>
    value ? [`${name}=${escapeProperty(String(value))}`] : [],
  )
  return `::${commands[severity]} ${properties.join(',')}::${escapeData(message)}`
}

// The escapes of actions/toolkit (command.ts): a line end would begin another command.
function escapeData(text: string): string {
  return printable(text).replaceAll('%', '%25').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
