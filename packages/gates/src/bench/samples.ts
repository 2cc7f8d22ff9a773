import { UserError } from '@erlmcp/core'
import type { GateDiagnostic } from '../evidence/report.ts'

export type Side = 'head' | 'base'

/** One measured sample. */
export interface Sample {
  readonly side: Side
  /** 1, and one more for each repetition after a slowdown. */
  readonly round: number
  readonly pair: number
  readonly reductions: number
  /** Words that one call allocates, on its heap and in binaries. */
  readonly words: number
  /** Nanoseconds of one call, in the fastest part of the sample. */
  readonly time: number
}

/** A failed benchmark on one side. */
export interface Failure {
  readonly side: Side
  readonly error: string
  /** Whether it calls an undefined function. */
  readonly undefined: boolean
  readonly location?: GateDiagnostic['location']
}

export interface Benchmark {
  readonly name: string
  readonly file: string
  readonly samples: readonly Sample[]
  readonly failures: readonly Failure[]
}

/** The measuring machine. Counts depend on the first three fields, time on all. */
export interface Machine {
  readonly otp: string
  readonly arch: string
  readonly emulator: string
  readonly cpu: string
  readonly cores: number | string
}

/** The parsed samples file. */
export interface Measurement {
  readonly machine: Machine
  /** Whether there was a base revision. */
  readonly base: boolean
  readonly benchmarks: readonly Benchmark[]
}

/** The samples file is invalid or incomplete. */
export class InvalidSamples extends UserError {
  constructor(message: string) {
    super({ message, hint: 'Run the gate `bench` again.' })
  }
}

type Row = Readonly<Record<string, unknown>>

/**
 * Parses a samples file.
 *
 * @throws InvalidSamples for an invalid line, or missing samples
 */
export async function readSamples(
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<Measurement> {
  const rows: Row[] = []
  for await (const line of lines) rows.push(rowOf(line, rows.length + 1))
  const [head, ...rest] = rows
  if (head?.erlmcp_bench !== 1)
    throw new InvalidSamples('line 1: expected the header of a samples file')
  if (rest.pop()?.end !== true) {
    throw new InvalidSamples('the last line is missing: the benchmarks were interrupted')
  }
  const benchmarks = new Map<string, Collected>()
  for (const [index, row] of rest.entries()) collect(benchmarks, row, index + 2)
  const base = head.base === true
  const all = [...benchmarks.values()]
  if (all.length !== head.benchmarks || all.length === 0) {
    throw new InvalidSamples(`expected ${head.benchmarks} benchmarks, got ${all.length}`)
  }
  for (const one of all) requireAll(one, number(head, 'pairs', 1), base)
  return { machine: machineOf(head), base, benchmarks: all }
}

interface Collected extends Benchmark {
  readonly samples: Sample[]
  readonly failures: Failure[]
}

function rowOf(line: string, number: number): Row {
  try {
    const row: unknown = JSON.parse(line)
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Row
  } catch {
    // Reported below: the message of JSON.parse does not help.
  }
  throw new InvalidSamples(`line ${number}: expected a JSON object`)
}

function machineOf(row: Row): Machine {
  const { cores } = row
  return {
    otp: text(row, 'otp', 1),
    arch: text(row, 'arch', 1),
    emulator: text(row, 'emulator', 1),
    cpu: text(row, 'cpu', 1),
    cores: typeof cores === 'number' ? cores : 'unknown',
  }
}

function collect(benchmarks: Map<string, Collected>, row: Row, line: number): void {
  const name = text(row, 'benchmark', line)
  const known = benchmarks.get(name)
  if (!known) {
    benchmarks.set(name, { name, file: text(row, 'file', line), samples: [], failures: [] })
  } else if ('error' in row) known.failures.push(failureOf(row, line))
  else known.samples.push(sampleOf(row, line))
}

function sampleOf(row: Row, line: number): Sample {
  return {
    side: sideOf(row, line),
    round: number(row, 'round', line),
    pair: number(row, 'pair', line),
    reductions: number(row, 'reductions', line),
    words: number(row, 'words', line),
    time: positive(row, 'ns', line) / positive(row, 'calls', line),
  }
}

function failureOf(row: Row, line: number): Failure {
  const location = typeof row.file === 'string' && {
    file: row.file,
    ...(typeof row.line === 'number' && { line: row.line }),
  }
  return {
    side: sideOf(row, line),
    error: text(row, 'error', line),
    undefined: row.undefined === true,
    ...(location && { location }),
  }
}

function sideOf(row: Row, line: number): Side {
  if (row.side === 'head' || row.side === 'base') return row.side
  throw new InvalidSamples(`line ${line}: expected head or base as side`)
}

function text(row: Row, key: string, line: number): string {
  const value = row[key]
  if (typeof value === 'string') return value
  throw new InvalidSamples(`line ${line}: expected a string as ${key}`)
}

function number(row: Row, key: string, line: number): number {
  const value = row[key]
  if (typeof value === 'number' && value >= 0) return value
  throw new InvalidSamples(`line ${line}: expected a number as ${key}`)
}

function positive(row: Row, key: string, line: number): number {
  const value = number(row, key, line)
  if (value > 0) return value
  throw new InvalidSamples(`line ${line}: expected a ${key} above 0`)
}

/** Requires every sample, unless the benchmark failed. */
function requireAll({ name, samples, failures }: Benchmark, pairs: number, base: boolean): void {
  const sides: readonly Side[] = base ? ['head', 'base'] : ['head']
  const failed = new Set(failures.map(({ side }) => side))
  if (failed.has('head')) return
  const last = Math.max(1, ...samples.map(({ round }) => round))
  const rounds = Array.from({ length: last }, (_, index) => index + 1)
  for (const side of sides.filter((one) => !failed.has(one))) {
    for (const round of rounds) {
      const taken = samples.filter((one) => one.side === side && one.round === round)
      if (taken.length === pairs && new Set(taken.map(({ pair }) => pair)).size === pairs) continue
      const message = `${name}: expected ${pairs} samples on the ${side}, got ${taken.length}`
      throw new InvalidSamples(round === 1 ? message : `${message}, in round ${round}`)
    }
  }
}
