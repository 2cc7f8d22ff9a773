import type { Comparison } from '../evidence/report.ts'
import { upperQuantile } from './normal.ts'
import { shiftOf, signedRank } from './signed-rank.ts'
import { median, spread } from './summary.ts'

/** The verdict on one metric of one benchmark. */
export type Judgement = Pick<Comparison, 'verdict' | 'change' | 'reason'>

/** One metric on both revisions. For time, values of the same index are a pair. */
export interface Pairs {
  readonly head: readonly number[]
  readonly base: readonly number[]
}

/** Counts vary without a change: 0.04 % was measured. */
const countTolerance = 0.001
/** Probability of a slowdown in identical code, in one round. */
const significance = 0.01
/** Probability to detect the smallest detectable slowdown. */
const power = 0.8
/** Fewer pairs are inconclusive. */
export const minPairs = 30

/**
 * Judges reductions or words by their medians. Where they vary, for example with large maps, an
 * increase within the noise around the limit is inconclusive.
 */
export function judgeCount({ head, base }: Pairs, limit: number, unit: string): Judgement {
  const [now, before] = [median(head), median(base)]
  const amount = `${round(now)} ${unit} a call instead of ${round(before)}`
  if (before === 0) {
    if (now === 0) return { verdict: 'pass', change: 0, reason: `no ${unit} on both revisions` }
    return { verdict: 'regression', reason: `${amount}; the limit is ${percent(limit)} more` }
  }
  const change = now / before - 1
  const noise = Math.max(countTolerance, spread(head) + spread(base))
  const summary = `${amount}, ${moreOrLess(change)}`
  if (change > limit + noise) {
    return { verdict: 'regression', change, reason: `${summary}; the limit is ${percent(limit)}` }
  }
  if (noise > countTolerance && change > limit - noise) {
    const reason = `${summary}, ± ${percent(noise)}; the limit is ${percent(limit)}`
    return { verdict: 'inconclusive', change, reason }
  }
  return { verdict: 'pass', change, reason: summary }
}

/**
 * Judges time. A slowdown is a regression when it exceeds the limit and is significant (p < 0.01) in
 * every round. When the noise would hide a slowdown as large as the limit, the verdict is inconclusive.
 *
 * @param rounds another one, in new VMs, is measured as long as they are slower
 */
export function judgeTime(rounds: readonly Pairs[], limit: number): Judgement {
  const [first, ...again] = rounds.map(effectOf)
  if (first === undefined) throw new RangeError('judgeTime needs at least one round')
  const { change } = first
  if (first.n < minPairs) {
    const reason = `${first.n} pairs are too few: ${minPairs} are needed`
    return { verdict: 'inconclusive', change, reason }
  }
  const summary = formatEffect(first)
  if (isSlower(first, limit)) {
    const other = again.find((effect) => !isSlower(effect, limit))
    if (other) {
      const reason = `${summary}, but measured again ${formatEffect(other)}: not confirmed`
      return { verdict: 'inconclusive', change, reason }
    }
    const reason = `${summary}${formatConfirmation(again)}; the limit is ${percent(limit)}`
    return { verdict: 'regression', change, reason }
  }
  if (first.detectable > limit) {
    const least = Number.isFinite(first.detectable) ? percent(first.detectable) : 'anything'
    const reason = `${summary}; the noise hides less than ${least}, the limit is ${percent(limit)}`
    return { verdict: 'inconclusive', change, reason }
  }
  const reason = `${summary}; ${percent(first.detectable)} is detectable`
  return { verdict: 'pass', change, reason }
}

/** The slowdown in pairs of times. */
export interface Effect {
  readonly n: number
  /** Median of the relative changes: 0.1 is 10 % slower. */
  readonly change: number
  /** The probability of such pairs if the head is not slower. */
  readonly p: number
  /** The smallest slowdown that such pairs show in four of five cases. */
  readonly detectable: number
}

/** Compares times pair by pair, as ratios: the noise of a machine is multiplicative. */
export function effectOf({ head, base }: Pairs): Effect {
  const ratios = head.map((time, index) => Math.log(time / base[index]!))
  const { low, high } = shiftOf(ratios, 0.95)
  const error = (high - low) / 2 / upperQuantile(0.025)
  return {
    n: ratios.length,
    change: Math.expm1(median(ratios)),
    p: signedRank(ratios).p,
    detectable: Math.expm1((upperQuantile(significance) + upperQuantile(1 - power)) * error),
  }
}

function isSlower({ n, p, change }: Effect, limit: number): boolean {
  return n >= minPairs && p < significance && change > limit
}

function formatEffect({ change, p }: Effect): string {
  return `${slowerOrFaster(change)}, p = ${p.toPrecision(2)}`
}

function formatConfirmation(again: readonly Effect[]): string {
  if (again.length === 0) return ''
  const least = again.reduce((one, other) => (other.change < one.change ? other : one))
  const times = again.length === 1 ? 'once' : `${again.length} times`
  return `; measured again ${times}, at least ${formatEffect(least)}`
}

function slowerOrFaster(change: number): string {
  return change < 0 ? `${percent(-change)} faster` : `${percent(change)} slower`
}

function moreOrLess(change: number): string {
  return change < 0 ? `${percent(-change)} less` : `${percent(change)} more`
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(share < 0.1 ? 2 : 1))} %`
}

function round(number: number): number {
  return Number(number.toFixed(1))
}
