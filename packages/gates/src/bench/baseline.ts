import { UserError } from '@erlmcp/core'
import type { Benchmark, Machine, Measurement } from './samples.ts'
import { median } from './summary.ts'

/** What a call took when the baseline was recorded: medians. */
export interface Counted {
  readonly reductions: number
  readonly words: number
}

/** Counts of all benchmarks, for each kind of machine: see {@link kindOf}. */
export type Baseline = ReadonlyMap<string, ReadonlyMap<string, Counted>>

/** A baseline file that is not one. */
export class UnreadableBaseline extends UserError {
  constructor(message: string) {
    super({
      message: `the baseline: ${message}`,
      hint: 'Restore the file, or remove and record it.',
    })
  }
}

/**
 * What machines must share so that code takes the same reductions and words on them. Speed, cores
 * and model of the processor do not matter to counts.
 */
export function kindOf({ otp, arch, emulator }: Machine): string {
  return `OTP ${otp} ${arch} ${emulator}`
}

/** @throws UnreadableBaseline */
export function parseBaseline(text: string): Baseline {
  const kinds = entries(parseJson(text), 'the file')
  return new Map(
    kinds.map(([kind, benchmarks]) => [
      kind,
      new Map(entries(benchmarks, kind).map(([name, value]) => [name, countedOf(name, value)])),
    ]),
  )
}

/**
 * The baseline file after a measurement: what it measured takes the place of all that was recorded
 * on such a machine, and other kinds of machines stay.
 *
 * @param old text of the file that is there
 * @throws UserError when the old text is not a baseline, or a benchmark has failed
 */
export function recordBaseline({ machine, benchmarks }: Measurement, old?: string): string {
  const failed = benchmarks.find(({ failures }) => failures.some(({ side }) => side === 'head'))
  if (failed) {
    throw new UserError({
      message: `the benchmark ${failed.name} failed, and so has nothing to record`,
      hint: 'Mend it, measure again, and record that.',
    })
  }
  const kinds = new Map(old === undefined ? [] : parseBaseline(old))
  kinds.set(kindOf(machine), new Map(benchmarks.map((one) => [one.name, countedIn(one)])))
  const plain = sorted([...kinds].map(([kind, of]) => [kind, sorted([...of])] as const))
  return `${JSON.stringify(plain, undefined, 2)}\n`
}

function countedIn({ samples }: Benchmark): Counted {
  const head = samples.filter(({ side }) => side === 'head')
  return {
    reductions: median(head.map(({ reductions }) => reductions)),
    words: median(head.map(({ words }) => words)),
  }
}

function sorted<T>(pairs: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...pairs].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UnreadableBaseline(`not JSON: ${(error as Error).message}`)
  }
}

function entries(value: unknown, message: string): [string, unknown][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value)
  }
  throw new UnreadableBaseline(`${message} is not an object`)
}

function countedOf(name: string, value: unknown): Counted {
  const { reductions, words } = Object.fromEntries(entries(value, name))
  if (typeof reductions === 'number' && typeof words === 'number') return { reductions, words }
  throw new UnreadableBaseline(`${name} has no reductions and words that are numbers`)
}
