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
  /** It took longer than it may. */
  | { readonly kind: 'timeout' }
  /** Something else ended it: a person, or the kernel when memory was out. */
  | { readonly kind: 'killed'; readonly why: string }
  /** Its container could not be started. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Gates that it needs are not green, so it never ran. */
  | { readonly kind: 'blocked'; readonly by: readonly string[] }

/** A gate that ran, before it is judged. */
export interface EndedGate {
  readonly name: string
  readonly service: string
  readonly command: readonly string[]
  /** When it started, in milliseconds since 1970. */
  readonly started: number
  readonly seconds: number
  readonly ending: Ending
  /** The end of what it printed. */
  readonly output: string
}

/** A gate that was judged: what reports are made of. */
export interface GateResult extends EndedGate {
  readonly verdict: 'green' | 'red'
  /** Why it is red. A green gate has none. */
  readonly diagnostics: readonly GateDiagnostic[]
  readonly counts?: Counts
  readonly tests: readonly TestResult[]
  readonly coverage?: Coverage
  readonly comparisons: readonly Comparison[]
}

export interface EvaluateOptions {
  /**
   * Files of the repository, relative, with `/`. With them a module's name is enough for a place.
   * Default: none.
   */
  readonly sources?: readonly string[]
}

/**
 * Judges a gate by how it ended and by what it left behind. Green takes both: exit code 0, and no
 * problem in any evidence. Whatever is not known counts as red.
 *
 * @example
 * const reading = await xref().read(evidence)
 * verdictOf(ended, [reading]).verdict // 'green' or 'red'
 */
export function evaluateGate(
  ended: EndedGate,
  reports: readonly Report[],
  options: EvaluateOptions = {},
): GateResult {
  const find = moduleFinder(options.sources ?? [])
  const ran = ended.ending.kind !== 'blocked' && ended.ending.kind !== 'refused'
  const read = ran ? reports : []
  const found = read.flatMap(({ diagnostics }) => diagnostics)
  const diagnostics = [...ofEnding(ended, found), ...found.filter(isWorthSaying(ended.ending))]
  const counts = read.flatMap((report) => report.counts ?? [])
  const coverage = read.find((report) => report.coverage)?.coverage
  return Object.freeze({
    ...ended,
    verdict: diagnostics.length === 0 ? 'green' : 'red',
    diagnostics: diagnostics.map((diagnostic) => placed(diagnostic, find)),
    ...(counts.length > 0 && { counts: sum(counts) }),
    tests: read.flatMap(({ tests = [] }) => tests),
    ...(coverage && { coverage: withFiles(coverage, find) }),
    comparisons: read.flatMap(({ comparisons = [] }) => comparisons),
  })
}

/** Kinds of problems for which a tool ends with another code than 0. */
const explains = new Set<GateDiagnostic['kind']>([
  'failure',
  'error',
  'timeout',
  'warning',
  'threshold',
])

/** What is wrong with the ending itself. */
function ofEnding(
  { ending, output }: EndedGate,
  found: readonly GateDiagnostic[],
): GateDiagnostic[] {
  const detail = output.trim() === '' ? {} : { detail: lastLines(output, 20) }
  switch (ending.kind) {
    case 'timeout':
      return [{ kind: 'timeout', message: 'it took longer than it may, and was ended', ...detail }]
    case 'killed':
      return [{ kind: 'killed', message: `it was ended from outside: ${ending.why}`, ...detail }]
    case 'refused':
      return [{ kind: 'exit', message: 'its container did not start', detail: clip(ending.why) }]
    case 'blocked': {
      const names = ending.by.join(' and ')
      const verb = ending.by.length === 1 ? 'is' : 'are'
      return [{ kind: 'not-run', message: `it did not run, since ${names} ${verb} not green` }]
    }
    case 'exit':
      if (ending.code === 0 || (ending.code > 0 && ending.code <= 128 && isExplained(found))) {
        return []
      }
      return [{ ...ofCode(ending.code), ...detail }]
  }
}

function isExplained(found: readonly GateDiagnostic[]): boolean {
  return found.some(({ kind }) => explains.has(kind))
}

const signals: Readonly<Record<number, string>> = {
  130: 'SIGINT',
  134: 'SIGABRT',
  137: 'SIGKILL: by a person, or by the kernel when memory was out',
  139: 'SIGSEGV',
  143: 'SIGTERM',
}

function ofCode(code: number): GateDiagnostic {
  if (!Number.isInteger(code) || code < 0) {
    return { kind: 'exit', message: 'its exit code is not known' }
  }
  if (code > 128 && code < 160) {
    return { kind: 'killed', message: `it was ended by ${signals[code] ?? `signal ${code - 128}`}` }
  }
  return { kind: 'exit', message: `its command ended with exit code ${code}` }
}

/** Evidence that is missing since the gate was ended is no second problem. */
function isWorthSaying({ kind }: Ending): (diagnostic: GateDiagnostic) => boolean {
  const wasEnded = kind === 'timeout' || kind === 'killed'
  return (diagnostic) => !wasEnded || !['no-evidence', 'unreadable'].includes(diagnostic.kind)
}

function placed(diagnostic: GateDiagnostic, find: ModuleFinder): GateDiagnostic {
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
