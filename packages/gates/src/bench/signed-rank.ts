import { upperQuantile, upperTail } from './normal.ts'

/** Up to here the distribution is counted, which takes 4 ms; above it is as good as normal. */
const exactUpTo = 200

/** How surprising differences are that should be about zero. */
export interface SignedRank {
  /** Sum of the ranks of the positive differences. */
  readonly statistic: number
  /** Differences that are not zero; the others say nothing and are left out. */
  readonly n: number
  /** One-sided: the chance of a statistic so large where nothing has changed. */
  readonly p: number
}

/**
 * Wilcoxon's signed-rank test that paired differences are not above zero. Equal sizes share their
 * mean rank, and the distribution is counted for exactly these ranks.
 *
 * @example
 * signedRank([1, 2, 3, 4, 5]).p // 1/32
 */
export function signedRank(differences: readonly number[]): SignedRank {
  const some = differences.filter((difference) => difference !== 0)
  const ranks = doubledRanks(some.map(Math.abs))
  const statistic = sum(ranks.filter((_, index) => some[index]! > 0))
  const p = some.length <= exactUpTo ? countedTail(ranks, statistic) : normalTail(ranks, statistic)
  return { statistic: statistic / 2, n: some.length, p }
}

/** Twice the rank of each number, so that the mean rank of a tie is an integer too. */
function doubledRanks(sizes: readonly number[]): number[] {
  const order = sizes.map((_, index) => index).sort((a, b) => sizes[a]! - sizes[b]!)
  const ranks = new Array<number>(sizes.length)
  for (let first = 0; first < order.length; ) {
    let end = first
    while (end < order.length && sizes[order[end]!] === sizes[order[first]!]) end++
    for (let place = first; place < end; place++) ranks[order[place]!] = first + 1 + end
    first = end
  }
  return ranks
}

/** Chance that ranks, each taken with probability 1/2, sum up to so much or more. */
function countedTail(ranks: readonly number[], statistic: number): number {
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
  // Half a step of continuity, which is 1 where ranks are doubled.
  return upperTail((statistic - sum(ranks) / 2 - 1) / deviation)
}

/** The most likely shift of differences, and what it is between. */
export interface Shift {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

/**
 * Hodges and Lehmann's estimate of the shift, with the confidence interval that belongs to the
 * signed-rank test. Fewer than six differences have no interval at 95 %: it is unbounded then.
 *
 * @param level chance that the interval holds the true shift, such as 0.95
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

/** How many means lie outside the interval at each end. */
function criticalRank(n: number, chance: number): number {
  if (n > exactUpTo) {
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
