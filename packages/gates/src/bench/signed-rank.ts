import { upperQuantile, upperTail } from './normal.ts'

/** Up to this many differences the distribution is exact, which takes 4 ms. */
const maxExact = 200

/** The result of a signed-rank test. */
export interface SignedRank {
  /** Sum of the ranks of the positive differences. */
  readonly statistic: number
  /** Number of differences, without zeros. */
  readonly n: number
  /** One-sided probability of a statistic this large without a change. */
  readonly p: number
}

/**
 * Wilcoxon's signed-rank test that paired differences are not above zero. Ties share their mean rank,
 * and the exact distribution is that of these ranks.
 *
 * @example
 * signedRank([1, 2, 3, 4, 5]).p // 1/32
 */
export function signedRank(differences: readonly number[]): SignedRank {
  const nonZero = differences.filter((difference) => difference !== 0)
  const ranks = doubledRanks(nonZero.map(Math.abs))
  const statistic = sum(ranks.filter((_, index) => nonZero[index]! > 0))
  const p = nonZero.length <= maxExact ? exactTail(ranks, statistic) : normalTail(ranks, statistic)
  return { statistic: statistic / 2, n: nonZero.length, p }
}

/** Twice the rank of each number, so that mean ranks of ties are integers. */
function doubledRanks(sizes: readonly number[]): number[] {
  const order = sizes.map((_, index) => index).sort((a, b) => sizes[a]! - sizes[b]!)
  const ranks = new Array<number>(sizes.length)
  for (let first = 0; first < order.length; ) {
    let end = first
    while (end < order.length && sizes[order[end]!] === sizes[order[first]!]) end++
    for (let index = first; index < end; index++) ranks[order[index]!] = first + 1 + end
    first = end
  }
  return ranks
}

/** Probability that ranks, each taken with probability 1/2, sum up to the statistic or more. */
function exactTail(ranks: readonly number[], statistic: number): number {
  return sum([...distribution(ranks)].slice(statistic).reverse())
}

function distribution(ranks: readonly number[]): Float64Array {
  const chance = new Float64Array(sum(ranks) + 1)
  chance[0] = 1
  let reached = 0
  for (const rank of ranks) {
    reached += rank
    for (let total = reached; total >= 0; total--) {
      chance[total] = (chance[total]! + (total >= rank ? chance[total - rank]! : 0)) / 2
    }
  }
  return chance
}

function normalTail(ranks: readonly number[], statistic: number): number {
  const deviation = Math.sqrt(sum(ranks.map((rank) => rank * rank)) / 4)
  // Continuity correction: half a step, which is 1 for doubled ranks.
  return upperTail((statistic - sum(ranks) / 2 - 1) / deviation)
}

/** The estimated shift of differences, with its confidence interval. */
export interface Shift {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

/**
 * The Hodges-Lehmann estimate of the shift, with the confidence interval of the signed-rank test. With
 * fewer than six differences the 95 % interval is unbounded.
 *
 * @param level probability that the interval contains the true shift, such as 0.95
 */
export function shiftOf(differences: readonly number[], level: number): Shift {
  const means = differences
    .flatMap((one, index) => differences.slice(index).map((other) => (one + other) / 2))
    .sort((a, b) => a - b)
  const outside = criticalRank(differences.length, (1 - level) / 2)
  const estimate = (means[(means.length - 1) >> 1]! + means[means.length >> 1]!) / 2
  if (outside === 0) return { estimate, low: -Infinity, high: Infinity }
  return { estimate, low: means[outside - 1]!, high: means[means.length - outside]! }
}

/** The number of means outside of the interval, at each end. */
function criticalRank(n: number, chance: number): number {
  if (n > maxExact) {
    const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24)
    return Math.floor((n * (n + 1)) / 4 - upperQuantile(chance) * deviation)
  }
  const chances = distribution(Array.from({ length: n }, (_, index) => index + 1))
  let below = 0
  let rank = 0
  while (below + chances[rank]! <= chance) below += chances[rank++]!
  return rank
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
