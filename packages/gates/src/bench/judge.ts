import type { Comparison } from '../evidence/report.ts'
import { upperQuantile } from './normal.ts'
import { shiftOf, signedRank } from './signed-rank.ts'
import { median, spread } from './summary.ts'

/** What is said about one metric of one benchmark. */
export type Judgement = Pick<Comparison, 'verdict' | 'change' | 'reason'>

/** The same thing measured on both revisions. For the clock, numbers of one index are a pair. */
export interface Pairs {
  readonly head: readonly number[]
  readonly base: readonly number[]
}

/** What counts differ by although nothing has changed: 0.04 % was seen. */
const countTolerance = 0.001
/** Chance to find a slowdown in identical code, in one round. */
const significance = 0.01
/** Chance to find what is called the smallest detectable slowdown. */
const power = 0.8
/** With fewer pairs the clock is not believed. */
export const fewestPairs = 30

/**
 * Judges reductions or words, which hardly vary: the median may not grow by more than the limit.
 * Where they do vary, because of large maps for example, what the noise leaves open is inconclusive.
 */
export function judgeCount({ head, base }: Pairs, limit: number, unit: string): Judgement {
  const [now, before] = [median(head), median(base)]
  const amount = `${round(now)} ${unit} a call instead of ${round(before)}`
  if (before === 0) {
    if (now === 0) return { verdict: 'pass', change: 0, reason: `no ${unit}, as before` }
    return { verdict: 'regression', reason: `${amount}, and the limit is ${percent(limit)} more` }
  }
  const change = now / before - 1
  const noise = Math.max(countTolerance, spread(head) + spread(base))
  const said = `${amount}, ${moreOrLess(change)}`
  if (change > limit + noise) {
    return { verdict: 'regression', change, reason: `${said}; the limit is ${percent(limit)}` }
  }
  if (noise > countTolerance && change > limit - noise) {
    const reason = `${said}, give or take ${percent(noise)}; the limit is ${percent(limit)}`
    return { verdict: 'inconclusive', change, reason }
  }
  return { verdict: 'pass', change, reason: said }
}

/**
 * Judges the clock. A slowdown is a regression when it is above the limit and no accident
 * (p < 0.01), and again so in a second round. When the noise would hide a slowdown of the size of
 * the limit, the answer is inconclusive: not diagnostic one says nothing.
 *
 * @param rounds the second is measured when the first seems slower
 */
export function judgeTime(rounds: readonly Pairs[], limit: number): Judgement {
  const [first, again] = rounds.map(effectOf)
  if (first === undefined) throw new RangeError('a time is judged by at least one round')
  const { change } = first
  if (first.n < fewestPairs) {
    const reason = `${first.n} pairs are too few for the clock, ${fewestPairs} are needed`
    return { verdict: 'inconclusive', change, reason }
  }
  const said = `${slowerOrFaster(change)}, p = ${first.p.toPrecision(2)}`
  if (isSlower(first, limit)) {
    if (again === undefined || isSlower(again, limit)) {
      const confirmed = again && `; measured again ${spoken(again)}`
      const reason = `${said}${confirmed ?? ''}; the limit is ${percent(limit)}`
      return { verdict: 'regression', change, reason }
    }
    const reason = `${said}, but measured again ${spoken(again)}: not confirmed`
    return { verdict: 'inconclusive', change, reason }
  }
  if (first.detectable > limit) {
    const least = Number.isFinite(first.detectable) ? percent(first.detectable) : 'anything'
    const reason = `${said}; the noise hides less than ${least}, and the limit is ${percent(limit)}`
    return { verdict: 'inconclusive', change, reason }
  }
  const reason = `${said}; ${percent(first.detectable)} would have been seen`
  return { verdict: 'pass', change, reason }
}

/** What pairs of times tell about a slowdown. */
export interface Effect {
  readonly n: number
  /** Median of the relative changes: 0.1 is 10 % slower. */
  readonly change: number
  /** The chance of such pairs if the head is not slower. */
  readonly p: number
  /** The smallest slowdown that these pairs would show, four times out of five. */
  readonly detectable: number
}

/** Compares times pair by pair, as ratios: noise of a machine multiplies. */
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
  return n >= fewestPairs && p < significance && change > limit
}

function spoken({ change, p }: Effect): string {
  return `${slowerOrFaster(change)}, p = ${p.toPrecision(2)}`
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
