import type { Diagnostic, Location } from '@erlmcp/core'

/**
 * What a diagnostic of a gate reports:
 *
 * - `failure`: an assertion of a test failed; `error`: a test crashed, or code does not compile
 * - `timeout`: a test or the whole gate took too long; `skip`: a test was skipped without declaration
 * - `warning`: the compiler, dialyzer or xref warns
 * - `threshold`: a number is outside its limit
 * - `report-missing`: the gate left no report; `report-invalid`: its report cannot be parsed, or
 *   contradicts the output
 * - `exit`: the command failed; `killed`: a signal or the user ended it
 * - `not-run`: a gate that this one needs did not pass
 */
export type GateDiagnosticKind =
  | 'failure'
  | 'error'
  | 'timeout'
  | 'skip'
  | 'warning'
  | 'threshold'
  | 'report-missing'
  | 'report-invalid'
  | 'exit'
  | 'killed'
  | 'not-run'

/** One reason why a gate failed. */
export interface GateDiagnostic extends Pick<Diagnostic, 'message'> {
  readonly kind: GateDiagnosticKind
  /** File of the repository, relative to its root, with `/`. */
  readonly location?: Partial<Location> & Pick<Location, 'file'>
  /** The test, such as `erlmcp_http_SUITE:initialize`. */
  readonly test?: string
  /** Lines of the tool's own output. */
  readonly detail?: string
}

/** Numbers of tests. */
export interface Counts {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  /** Declared or not. */
  readonly skipped: number
}

/** Executable lines, and how many of them tests ran. */
export interface Covered {
  readonly covered: number
  readonly lines: number
}

export interface ModuleCoverage extends Covered {
  readonly module: string
  /** Its source in the repository, if known. */
  readonly file?: string
  /** Lines that no test ran, ascending. */
  readonly missed?: readonly number[]
}

export interface Coverage extends Covered {
  readonly modules: readonly ModuleCoverage[]
}

/** The result of one test. */
export interface TestResult {
  /** Module or suite. */
  readonly suite: string
  readonly name: string
  /** Seconds. */
  readonly time: number
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped' | 'timeout'
  readonly message?: string
  readonly location?: GateDiagnostic['location']
}

/** One metric of a benchmark, measured on two revisions, or on one without a base. */
export interface Comparison {
  /** Such as `jsonrpc decode`. */
  readonly benchmark: string
  /** Such as `reductions`, `gc words` or `time`. */
  readonly metric: string
  readonly unit: string
  readonly verdict: 'pass' | 'regression' | 'inconclusive' | 'no-baseline'
  readonly head: readonly number[]
  readonly base: readonly number[]
  /** Relative change of the median from base to head: 0.1 is 10 % more. */
  readonly change?: number
  /** One line that explains the verdict. */
  readonly reason: string
}

/** The evidence of a gate, parsed. Without a diagnostic the gate passes. */
export interface Report {
  readonly diagnostics: readonly GateDiagnostic[]
  readonly counts?: Counts
  readonly tests?: readonly TestResult[]
  readonly coverage?: Coverage
  readonly comparisons?: readonly Comparison[]
}

/** A file that a gate left behind, streamed. */
export interface EvidenceFile {
  /** Relative to the gate's evidence, with `/`. */
  readonly path: string
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** Everything that a gate left behind. */
export interface Evidence {
  readonly files: readonly EvidenceFile[]
  /** Standard output and standard error, interleaved as printed. */
  readonly output: EvidenceFile
  /** Folder of the sources in the container, such as `/workspace`. Paths below it are mapped. */
  readonly root: string
}

/**
 * Parses one kind of evidence. It never throws: evidence that is missing or invalid is a diagnostic
 * of kind `report-missing` or `report-invalid`.
 *
 * @example
 * const report = await surefire('_build/test/reports').read(evidence)
 */
export interface Reader {
  /** Name in messages: `EUnit reports`. */
  readonly name: string
  /** Files and folders below the project that are copied out of the container for it. */
  readonly outputs: readonly string[]
  read(evidence: Evidence): Promise<Report>
}
