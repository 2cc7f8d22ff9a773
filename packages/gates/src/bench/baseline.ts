import { formatViolation, schema, UserError, validate } from '@erlmcp/core'
import type { Benchmark, Machine, Measurement } from './samples.ts'
import { median } from './summary.ts'

const { map, number, record } = schema

/** The recorded medians of one call. */
export interface Counted {
  readonly reductions: number
  readonly words: number
}

/** The counts of all benchmarks, by {@link kindOf} of the machine. */
export type Baseline = ReadonlyMap<string, ReadonlyMap<string, Counted>>

/** The baseline file is invalid. */
export class InvalidBaseline extends UserError {
  constructor(message: string) {
    super({
      message: `invalid baseline: ${message}`,
      hint: 'Restore the file, or remove it and record it again.',
    })
  }
}

/**
 * The properties of a machine that determine reductions and words. Speed, cores and processor model do
 * not.
 */
export function kindOf({ otp, arch, emulator }: Machine): string {
  return `OTP ${otp} ${arch} ${emulator}`
}

const fileSchema = map(map(record<Counted>({ reductions: number, words: number }, [], 'all')))

/** @throws InvalidBaseline */
export function parseBaseline(text: string): Baseline {
  const kinds = parseJson(text)
  const [violation] = validate(fileSchema, kinds)
  if (violation) throw new InvalidBaseline(formatViolation(violation))
  return new Map(
    Object.entries(kinds as Record<string, Record<string, Counted>>).map(([kind, benchmarks]) => [
      kind,
      new Map(Object.entries(benchmarks).map(([name, counted]) => [name, countsOf(counted)])),
    ]),
  )
}

const countsOf = ({ reductions, words }: Counted): Counted => ({ reductions, words })

/**
 * The baseline file after a measurement: it replaces the counts of this kind of machine and keeps those
 * of others.
 *
 * @param old text of the existing file
 * @throws UserError when the old text is invalid, or a benchmark has failed
 */
export function recordBaseline({ machine, benchmarks }: Measurement, old?: string): string {
  const failed = benchmarks.find(({ failures }) => failures.some(({ side }) => side === 'head'))
  if (failed) {
    throw new UserError({
      message: `cannot record the benchmark ${failed.name}: it failed`,
      hint: 'Fix it, run the gate `bench` again, and record the result.',
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
    throw new InvalidBaseline(`invalid JSON: ${(error as Error).message}`)
  }
}
