import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { effectOf, judgeTime, minPairs, type Pairs } from '../../packages/gates/src/bench/judge.ts'

const reports = fileURLToPath(new URL('../../../shared/erlang-reports/', import.meta.url))
export const machines = ['noisy', 'quiet'] as const

/** Recorded times of the same code on a real machine, in the order of measurement. */
export function recordedTimes(machine: (typeof machines)[number]): number[] | undefined {
  const file = `${reports}bench-walltimes-${machine}.txt`
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.flatMap((line) => JSON.parse(line) as number[])
}

/** The share of simulated runs in which each rule finds a regression, and of the other verdicts. */
export interface Rates {
  readonly 'one run against one, above 10 %': number
  readonly '30 pairs, p < 0.01 and above 10 %': number
  readonly 'the gate: the same, confirmed by a second round': number
  readonly inconclusive: number
  readonly pass: number
}

/**
 * Judges pairs of neighbouring times of the recording.
 *
 * @param slowdown of every time of the head: 0.25 is 25 %
 */
export function simulate(
  times: readonly number[],
  slowdown: number,
  runs: number,
  random: () => number,
): Rates {
  const seen = { single: 0, paired: 0, regression: 0, inconclusive: 0, pass: 0, 'no-baseline': 0 }
  for (let run = 0; run < runs; run++) {
    const [first, again] = [pairsOf(times, slowdown, random), pairsOf(times, slowdown, random)]
    const { p, change } = effectOf(first)
    if (first.head[0]! / first.base[0]! > 1.1) seen.single++
    if (p < 0.01 && change > 0.1) seen.paired++
    // As in the measuring program, a slowdown is measured again.
    seen[judgeTime(change > 0.1 ? [first, again] : [first], 0.1).verdict]++
  }
  return {
    'one run against one, above 10 %': seen.single / runs,
    '30 pairs, p < 0.01 and above 10 %': seen.paired / runs,
    'the gate: the same, confirmed by a second round': seen.regression / runs,
    inconclusive: seen.inconclusive / runs,
    pass: seen.pass / runs,
  }
}

/** Parts of a sample in the measuring program. */
const parts = 12

/**
 * Pairs of neighbouring samples of the recording, in random order. As in the measuring program, the time
 * of a sample is that of its fastest part.
 */
function pairsOf(times: readonly number[], slowdown: number, random: () => number): Pairs {
  const fastest = (from: number) => Math.min(...times.slice(from, from + parts))
  const pairs = Array.from({ length: minPairs }, () => {
    const start = Math.floor(random() * (times.length - 2 * parts + 1))
    const [one, other] = [fastest(start), fastest(start + parts)]
    return random() < 0.5 ? { head: one, base: other } : { head: other, base: one }
  })
  return {
    head: pairs.map(({ head }) => head * (1 + slowdown)),
    base: pairs.map(({ base }) => base),
  }
}

/** Reproducible random numbers between 0 and 1: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
