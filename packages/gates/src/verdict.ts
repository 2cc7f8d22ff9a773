import { type ModuleFinder, moduleFinder } from './evidence/find-module.ts'
import type {
  Comparison,
  Counts,
  Coverage,
  GateDiagnostic,
  Report,
  TestResult,
} from './evidence/report.ts'
import { clip } from './evidence/text.ts'

/** How a gate ended. */
export type Ending =
  | { readonly kind: 'exit'; readonly code: number }
  /** It exceeded its timeout. */
  | { readonly kind: 'timeout' }
  /** Something else ended it: a signal, the user, or the kernel when memory ran out. */
  | { readonly kind: 'killed'; readonly why: string }
  /** Its container did not start. */
  | { readonly kind: 'not-started'; readonly why: string }
  /** It did not run, since these gates that it needs did not pass. */
  | { readonly kind: 'blocked'; readonly by: readonly string[] }

/** A gate that ended, before it is evaluated. */
export interface EndedGate {
  readonly name: string
  readonly service: string
  readonly command: readonly string[]
  /** When it started, in milliseconds since 1970. */
  readonly started: number
  readonly seconds: number
  readonly ending: Ending
  /** The end of its output. */
  readonly output: string
}

/** `skipped` is a gate that did not run, since one that it needs did not pass. */
export type Verdict = 'passed' | 'failed' | 'skipped'

/** A gate with its verdict: the input of all report formats. */
export interface GateResult extends EndedGate {
  readonly verdict: Verdict
  /** Why it did not pass. Empty for a gate that passed. */
  readonly diagnostics: readonly GateDiagnostic[]
  readonly counts?: Counts
  readonly tests: readonly TestResult[]
  readonly coverage?: Coverage
  readonly comparisons: readonly Comparison[]
}

export interface EvaluateOptions {
  /**
   * Files of the repository, relative, with `/`. They turn the name of a module into a location.
   * Default: none.
   */
  readonly sources?: readonly string[]
}

/**
 * Evaluates a gate by its ending and its reports. It passes with exit code 0 and without any
 * diagnostic. Everything unknown counts as failed.
 *
 * @example
 * const report = await xref().read(evidence)
 * evaluateGate(ended, [report]).verdict // 'passed' or 'failed'
 */
export function evaluateGate(
  ended: EndedGate,
  reports: readonly Report[],
  options: EvaluateOptions = {},
): GateResult {
  const find = moduleFinder(options.sources ?? [])
  const { kind } = ended.ending
  const read = kind === 'blocked' || kind === 'not-started' ? [] : reports
  const found = read.flatMap(({ diagnostics }) => diagnostics)
  const diagnostics = [
    ...endingDiagnostics(ended, found),
    ...found.filter((one) => !isConsequence(one, ended.ending)),
  ]
  const counts = read.flatMap((report) => report.counts ?? [])
  const coverage = read.find((report) => report.coverage)?.coverage
  return Object.freeze({
    ...ended,
    verdict: kind === 'blocked' ? 'skipped' : diagnostics.length === 0 ? 'passed' : 'failed',
    diagnostics: diagnostics.map((one) => withLocation(one, find)),
    ...(counts.length > 0 && { counts: sum(counts) }),
    tests: read.flatMap(({ tests = [] }) => tests),
    ...(coverage && { coverage: withFiles(coverage, find) }),
    comparisons: read.flatMap(({ comparisons = [] }) => comparisons),
  })
}

/** Kinds that explain an exit code other than 0. */
const explanations = new Set<GateDiagnostic['kind']>([
  'failure',
  'error',
  'timeout',
  'warning',
  'threshold',
])

function endingDiagnostics(
  { ending, output }: EndedGate,
  found: readonly GateDiagnostic[],
): GateDiagnostic[] {
  const detail = output.trim() === '' ? {} : { detail: lastLines(output, 20) }
  switch (ending.kind) {
    case 'timeout':
      return [
        { kind: 'timeout', message: 'the gate exceeded its timeout and was killed', ...detail },
      ]
    case 'killed':
      return [{ kind: 'killed', message: `the gate was killed: ${ending.why}`, ...detail }]
    case 'not-started':
      return [{ kind: 'exit', message: 'the container did not start', detail: clip(ending.why) }]
    case 'blocked':
      return [{ kind: 'not-run', message: `skipped: ${ending.by.join(' and ')} did not pass` }]
    case 'exit': {
      const isExplained = found.some(({ kind }) => explanations.has(kind))
      const isOrdinary = ending.code > 0 && ending.code <= 128
      if (ending.code === 0 || (isOrdinary && isExplained)) return []
      return [{ ...exitDiagnostic(ending.code), ...detail }]
    }
  }
}

const signals: Readonly<Record<number, string>> = {
  130: 'SIGINT',
  134: 'SIGABRT',
  137: 'SIGKILL, by a user or by the kernel when memory ran out',
  139: 'SIGSEGV',
  143: 'SIGTERM',
}

function exitDiagnostic(code: number): GateDiagnostic {
  if (!Number.isInteger(code) || code < 0) return { kind: 'exit', message: 'unknown exit code' }
  if (code > 128 && code < 160) {
    const signal = signals[code] ?? `signal ${code - 128}`
    return { kind: 'killed', message: `the gate was killed by ${signal}` }
  }
  return { kind: 'exit', message: `the command failed with exit code ${code}` }
}

/** A report is missing or truncated because the gate was killed. */
function isConsequence({ kind }: GateDiagnostic, ending: Ending): boolean {
  const wasKilled = ending.kind === 'timeout' || ending.kind === 'killed'
  return wasKilled && (kind === 'report-missing' || kind === 'report-invalid')
}

function withLocation(diagnostic: GateDiagnostic, find: ModuleFinder): GateDiagnostic {
  if (diagnostic.location || !diagnostic.test) return diagnostic
  const file = find(diagnostic.test.split(':')[0]!)
  return file === undefined ? diagnostic : { ...diagnostic, location: { file } }
}

function withFiles(coverage: Coverage, find: ModuleFinder): Coverage {
  const modules = coverage.modules.map((one) => {
    const file = find(one.module)
    return file === undefined ? one : { ...one, file }
  })
  return { ...coverage, modules }
}

function sum(all: readonly Counts[]): Counts {
  const total = { tests: 0, failures: 0, errors: 0, skipped: 0 }
  for (const counts of all) {
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key]
  }
  return total
}

function lastLines(text: string, count: number): string {
  return clip(text.trimEnd().split('\n').slice(-count).join('\n'))
}
