import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { effectOf, judgeTime, minPairs, type Pairs } from '../../packages/gates/src/bench/judge.ts'

const reports = fileURLToPath(new URL('../../../shared/erlang-reports/', import.meta.url))
export const machines = ['noisy', 'quiet'] as const

/** Times of one piece of code on a real machine, in the order in which they were measured. */
export function clockOf(machine: (typeof machines)[number]): number[] | undefined {
  const file = `${reports}bench-wallclock-${machine}.txt`
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.flatMap((line) => JSON.parse(line) as number[])
}

/** How often, of all simulated runs, each rule saw a regression; and what else the gate said. */
export interface Rates {
  readonly 'one run against one, above 10 %': number
  readonly '30 pairs, p < 0.01 and above 10 %': number
  readonly 'the gate: the same, confirmed by a second round': number
  readonly inconclusive: number
  readonly pass: number
}

/**
 * Runs the judge of the clock on pairs that stood beside each other in the recording.
 *
 * @param slowdown by which every time of the head is longer: 0.25 is 25 %
 */
export function simulate(
  clock: readonly number[],
  slowdown: number,
  runs: number,
  random: () => number,
): Rates {
  const seen = { single: 0, paired: 0, regression: 0, inconclusive: 0, pass: 0, 'no-baseline': 0 }
  for (let run = 0; run < runs; run++) {
    const [first, again] = [pairsOf(clock, slowdown, random), pairsOf(clock, slowdown, random)]
    const { p, change } = effectOf(first)
    if (first.head[0]! / first.base[0]! > 1.1) seen.single++
    if (p < 0.01 && change > 0.1) seen.paired++
    // As the measuring program does: what seems slower is measured once more.
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

/** Parts of a sample, as the measuring program takes them. */
const parts = 12

/**
 * Pairs of samples that stood beside each other somewhere in the recording, in random order. As in
 * the measuring program, a sample is the fastest of its parts.
 */
function pairsOf(clock: readonly number[], slowdown: number, random: () => number): Pairs {
  const fastest = (from: number) => Math.min(...clock.slice(from, from + parts))
  const pairs = Array.from({ length: minPairs }, () => {
    const start = Math.floor(random() * (clock.length - 2 * parts + 1))
    const [one, other] = [fastest(start), fastest(start + parts)]
    return random() < 0.5 ? { head: one, base: other } : { head: other, base: one }
  })
  return {
    head: pairs.map(({ head }) => head * (1 + slowdown)),
    base: pairs.map(({ base }) => base),
  }
}

/** Numbers between 0 and 1 that are the same in every run: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
