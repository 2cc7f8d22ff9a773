import type { Counts, GateDiagnostic } from '../evidence/report.ts'
import { formatShare, plural } from '../evidence/text.ts'
import { gateVariable } from '../paths.ts'
import type { GateResult, Verdict } from '../verdict.ts'

/** A run of gates: the input of every report format. */
export interface ReportedRun {
  readonly project: string
  /** Commit of the project. */
  readonly revision?: string
  /** Image that the gates ran in, with its digest. */
  readonly image?: string
  /** Version of the Docker engine. */
  readonly engine?: string
  /** Version of Erlang/OTP. */
  readonly otp?: string
  /** When it started, in milliseconds since 1970. */
  readonly started: number
  /** Duration of the whole run. */
  readonly seconds: number
  readonly gates: readonly GateResult[]
}

/** Passed if there is a gate, and every gate passed. */
export function verdictOfRun({ gates }: ReportedRun): 'passed' | 'failed' {
  return gates.length > 0 && gates.every(hasPassed) ? 'passed' : 'failed'
}

const hasPassed = ({ verdict }: GateResult) => verdict === 'passed'

/** `2 of 6 gates failed, 1 was skipped`. */
export function formatSummary({ gates }: ReportedRun): string {
  if (gates.length === 0) return 'no gate ran'
  const having = (verdict: Verdict) => gates.filter((one) => one.verdict === verdict).length
  const [failed, skipped] = [having('failed'), having('skipped')]
  if (failed + skipped === 0) {
    return gates.length === 1 ? 'the gate passed' : `all ${gates.length} gates passed`
  }
  const sentence = `${failed} of ${plural(gates.length, 'gate')} failed`
  if (skipped === 0) return sentence
  return `${sentence}, ${skipped} ${skipped === 1 ? 'was' : 'were'} skipped`
}

/** The command that runs a gate again by hand. */
export function rerunCommand({ name, service, command }: GateResult): string {
  // In a run of several sets a gate is `otp27/eunit`.
  const gate = name.split('/').at(-1)
  return `docker compose run --rm -e ${gateVariable}=${gate} ${service} ${command.join(' ')}`
}

/** `0.4 s`, `12.3 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '?'
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** The result of a gate in a few words: `41 tests, 2 failures`. */
export function formatResult({
  counts,
  coverage,
  comparisons,
  diagnostics,
  ending,
}: GateResult): string {
  if (ending.kind === 'blocked') return `skipped: needs ${ending.by.join(', ')}`
  const words = [
    ...(counts ? formatCounts(counts) : []),
    ...(coverage ? [`${formatShare(coverage.covered, coverage.lines)} covered`] : []),
    ...(comparisons.length > 0 ? [plural(comparisons.length, 'comparison')] : []),
    ...formatVerdicts(comparisons),
  ]
  const counted = (counts?.failures ?? 0) + (counts?.errors ?? 0)
  const others = diagnostics.length - counted
  const isShown = others > 0 && (words.length === 0 || counted === 0)
  return [...words, ...(isShown ? [plural(others, 'problem')] : [])].join(', ')
}

function formatCounts({ tests, failures, errors, skipped }: Counts): string[] {
  return [
    plural(tests, 'test'),
    ...(failures > 0 ? [plural(failures, 'failure')] : []),
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ]
}

function formatVerdicts(comparisons: GateResult['comparisons']): string[] {
  const having = (verdict: string) => comparisons.filter((one) => one.verdict === verdict).length
  const [worse, unclear] = [having('regression'), having('inconclusive')]
  return [
    ...(worse > 0 ? [plural(worse, 'regression')] : []),
    ...(unclear > 0 ? [`${unclear} inconclusive`] : []),
  ]
}

/** `src/demo.erl:4:7`. */
export function formatLocation({ location }: GateDiagnostic): string {
  if (!location) return ''
  return [location.file, location.line, location.column].filter((part) => part).join(':')
}

/** Shortens digests to twelve digits, as docker does. */
export function shortDigests(text: string): string {
  return text.replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1')
}

/**
 * The name of an EUnit test as in the source. The compiler names the second test of a generator
 * `-parse_test_/0-fun-1-`.
 *
 * @example
 * readableTest('-parse_test_/0-fun-1- (an empty body)') // 'parse_test_: an empty body'
 */
export function readableTest(name: string): string {
  const [, generator, number, title] =
    /^-(.+?)\/\d+-(?:fun|lc\$\^\d+\/\d+)-(\d+)-(?: \((.*)\))?$/s.exec(name) ?? []
  if (generator === undefined) return name
  return title === undefined ? `${generator} #${Number(number) + 1}` : `${generator}: ${title}`
}

/** `3–5, 9` for the lines 3, 4, 5 and 9. */
export function lineRanges(lines: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const line of lines) {
    const last = ranges.at(-1)
    if (last && last[1] === line - 1) last[1] = line
    else ranges.push([line, line])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}

/** Adds the gate to the title of a section: ` of otp27` for the gate `otp27/coverage`. */
export function titleSuffix(gate: string, title: string): string {
  const rest = gate
    .split('/')
    .filter((part) => part !== title)
    .join('/')
  return rest === '' ? '' : ` of ${rest}`
}
