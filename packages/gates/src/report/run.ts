import type { Counts, GateDiagnostic } from '../evidence/report.ts'
import type { GateResult } from '../verdict.ts'

/** A run of gates, and what it ran on: what every report is made of. */
export interface ReportedRun {
  readonly project: string
  /** Commit that was judged. */
  readonly revision?: string
  /** Image that the gates ran in, best with its digest. */
  readonly image?: string
  /** Version of the Docker engine. */
  readonly engine?: string
  /** Version of Erlang/OTP. */
  readonly otp?: string
  /** When it started, in milliseconds since 1970. */
  readonly started: number
  /** How long it took from the first gate to the last. */
  readonly seconds: number
  readonly gates: readonly GateResult[]
}

/** Green when every gate is, and there is one. */
export function verdictOfRun({ gates }: ReportedRun): 'green' | 'red' {
  return gates.length > 0 && gates.every(({ verdict }) => verdict === 'green') ? 'green' : 'red'
}

/** `2 of 6 gates are red, 1 did not run`. */
export function sentenceOfRun({ gates }: ReportedRun): string {
  if (gates.length === 0) return 'no gate ran'
  const waiting = gates.filter(({ ending }) => ending.kind === 'blocked').length
  const red = gates.filter(({ verdict }) => verdict === 'red').length - waiting
  if (red + waiting === 0) {
    return gates.length === 1 ? 'the gate is green' : `all ${gates.length} gates are green`
  }
  const verb = red === 1 ? 'is' : 'are'
  const sentence = `${red} of ${count(gates.length, 'gate')} ${verb} red`
  return waiting === 0 ? sentence : `${sentence}, ${waiting} did not run`
}

/** `0.4 s`, `12.3 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '?'
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** What a gate found, in a few words: `41 tests, 2 failures`. */
export function digest({ counts, coverage, comparisons, diagnostics, ending }: GateResult): string {
  if (ending.kind === 'blocked') return `did not run: ${ending.by.join(', ')}`
  const words = [
    ...(counts ? wordsOf(counts) : []),
    ...(coverage ? [`${share(coverage.covered, coverage.lines)} covered`] : []),
    ...(comparisons.length > 0 ? [count(comparisons.length, 'comparison')] : []),
    ...verdictsOf(comparisons),
  ]
  const counted = (counts?.failures ?? 0) + (counts?.errors ?? 0)
  const others = diagnostics.length - counted
  const said = others > 0 && (words.length === 0 || counted === 0)
  return [...words, ...(said ? [count(others, 'problem')] : [])].join(', ')
}

function wordsOf({ tests, failures, errors, skipped }: Counts): string[] {
  return [
    count(tests, 'test'),
    ...(failures > 0 ? [count(failures, 'failure')] : []),
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ]
}

function verdictsOf(comparisons: GateResult['comparisons']): string[] {
  const having = (verdict: string) => comparisons.filter((one) => one.verdict === verdict).length
  const [worse, unclear] = [having('regression'), having('inconclusive')]
  return [
    ...(worse > 0 ? [count(worse, 'regression')] : []),
    ...(unclear > 0 ? [`${unclear} inconclusive`] : []),
  ]
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** Never rounded up: 799 of 1000 is 79.9 %. */
export function share(covered: number, lines: number): string {
  return lines === 0 ? 'nothing' : `${Math.floor((covered * 1000) / lines) / 10} %`
}

/** `src/demo.erl:4:7`. */
export function placeText({ location }: GateDiagnostic): string {
  if (!location) return ''
  return [location.file, location.line, location.column].filter((part) => part).join(':')
}

/** Digests by their first twelve digits, as docker shows them. */
export function shortDigests(text: string): string {
  return text.replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1')
}

/**
 * The name of an EUnit test as its author wrote it: the compiler calls the second test of a generator
 * `-parse_test_/0-fun-1-`.
 *
 * @example
 * readableTest('-parse_test_/0-fun-1- (an empty body)') // 'parse_test_: an empty body'
 */
export function readableTest(name: string): string {
  const [, made, number, title] =
    /^-(.+?)\/\d+-(?:fun|lc\$\^\d+\/\d+)-(\d+)-(?: \((.*)\))?$/s.exec(name) ?? []
  if (made === undefined) return name
  return title === undefined ? `${made} #${Number(number) + 1}` : `${made}: ${title}`
}

/** `3–5, 9` of the lines 3, 4, 5 and 9. */
export function lineRanges(lines: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const line of lines) {
    const last = ranges.at(-1)
    if (last && last[1] === line - 1) last[1] = line
    else ranges.push([line, line])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}

/** Whose section it is, where its title does not say so: nothing of `coverage`, `otp27` of `otp27/coverage`. */
export function ofGate(gate: string, title: string): string {
  const rest = gate
    .split('/')
    .filter((part) => part !== title)
    .join('/')
  return rest === '' ? '' : ` of ${rest}`
}
