import type { Location } from '@erlmcp/core'

/**
 * Why a gate is red. Every kind has words of its own, since each is mended in another way:
 *
 * - `failure` a test asserted something that does not hold; `error` it crashed;
 *   `timeout` it, or the whole gate, took too long; `skip` it did not run and nobody had said so
 * - `warning` the compiler, dialyzer or xref has something to say
 * - `threshold` a number is on the wrong side of its limit
 * - `no-evidence` what should prove that the gate ran is not there; `unreadable` it is, and cannot
 *   be read
 * - `exit` the command ended with another code than 0; `killed` something else ended it
 * - `not-run` a gate that this one needs is red
 */
export type ProblemKind =
  | 'failure'
  | 'error'
  | 'timeout'
  | 'skip'
  | 'warning'
  | 'threshold'
  | 'no-evidence'
  | 'unreadable'
  | 'exit'
  | 'killed'
  | 'not-run'

/** One reason for a red gate. */
export interface Problem {
  readonly kind: ProblemKind
  /** One line. */
  readonly message: string
  /** In the repository: relative to its root, with `/`. */
  readonly location?: Partial<Location> & Pick<Location, 'file'>
  /** The test that it is about, such as `erlmcp_http_SUITE:initialize`. */
  readonly test?: string
  /** What the tool said, in its own lines. */
  readonly detail?: string
}

/** How many tests there were, and how they went. */
export interface Counts {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  /** Declared and undeclared ones. */
  readonly skipped: number
}

/** Lines that tests have run, of those that can be. */
export interface Covered {
  readonly covered: number
  readonly lines: number
}

export interface ModuleCoverage extends Covered {
  readonly module: string
  /** Its source in the repository, where that is known. */
  readonly file?: string
  /** The lines that no test has run, in their order. */
  readonly missed?: readonly number[]
}

export interface Coverage extends Covered {
  readonly modules: readonly ModuleCoverage[]
}

/** One test as it went, for reports. */
export interface TestResult {
  /** Module or suite, and its case. */
  readonly suite: string
  readonly name: string
  /** Seconds. */
  readonly time: number
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped' | 'timeout'
  readonly message?: string
  readonly location?: Problem['location']
}

/** One thing that was measured on two revisions, or on one where there is no base. */
export interface Comparison {
  /** Such as `jsonrpc decode`. */
  readonly benchmark: string
  /** Such as `reductions`, `gc words` or `time`. */
  readonly metric: string
  readonly unit: string
  readonly verdict: 'pass' | 'regression' | 'inconclusive' | 'no-baseline'
  readonly head: readonly number[]
  readonly base: readonly number[]
  /** Relative change of the median, head against base: 0.1 is 10 % more. */
  readonly change?: number
  /** One line that says why. */
  readonly reason: string
}

/** What evidence says. Without a problem the gate is green. */
export interface Reading {
  readonly problems: readonly Problem[]
  readonly counts?: Counts
  readonly tests?: readonly TestResult[]
  readonly coverage?: Coverage
  readonly comparisons?: readonly Comparison[]
}

/** A file that a gate has left behind, as it comes out of the container. */
export interface EvidenceFile {
  /** Below the folder of the gate's evidence, with `/`. */
  readonly path: string
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** Everything that a gate has left behind. */
export interface Evidence {
  readonly files: readonly EvidenceFile[]
  /** Standard output and standard error as one, as they came. */
  readonly output: EvidenceFile
  /** Folder of the sources in the container, such as `/workspace`; paths below it are mapped. */
  readonly root: string
}

/**
 * Reads one kind of evidence. It never throws for what is wrong with the evidence: that is a
 * problem of kind `no-evidence` or `unreadable`, and a red gate.
 *
 * @example
 * const reading = await surefire('_build/test/reports').read(evidence)
 */
export interface Reader {
  /** Names it in messages: `EUnit reports`. */
  readonly name: string
  /** Files and folders below the project that the container keeps for it. */
  readonly keeps: readonly string[]
  read(evidence: Evidence): Promise<Reading>
}
