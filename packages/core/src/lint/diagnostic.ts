import type { Path } from '../document/path.ts'

/**
 * What is wrong with it: `invalid` the reference tool refuses it, `breaks` it is accepted and then
 * fails or misbehaves, `insecure`, `wasteful`, `deprecated`.
 */
export type Kind = 'invalid' | 'breaks' | 'insecure' | 'wasteful' | 'deprecated'

/** `error` fails the command (exit 1); `warning` needs a fix; `note` is a suggestion. */
export type Severity = 'error' | 'warning' | 'note'

/** One thing that a rule has to say about one place. */
export interface Diagnostic {
  /** Id of the rule, such as `compose/port-published-twice`. */
  readonly rule: string
  readonly kind: Kind
  readonly severity: Severity
  /** The fault, with the user's own names and values. */
  readonly message: string
  /** The file to fix: the author's TypeScript where that is known, else the printed file. */
  readonly file: string
  readonly line?: number
  readonly column?: number
  /** The way out. */
  readonly hint: string
  /** The printed file, and the node in it, that the rule looked at. */
  readonly document: string
  readonly path: Path
}

const order: Record<Severity, number> = { error: 0, warning: 1, note: 2 }

/** Errors first, then by file, line, column and rule: the order in which diagnostics are shown. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    order[a.severity] - order[b.severity] ||
    compareText(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareText(a.rule, b.rule) ||
    compareText(a.message, b.message)
  )
}

// By code unit, not by locale: the output must be the same on every machine.
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
