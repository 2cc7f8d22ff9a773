import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { upperQuantile, upperTail } from './normal.ts'
import { shiftOf, signedRank } from './signed-rank.ts'

// Reference values are those of SciPy.

test('computes the normal distribution', () => {
  expect(upperTail(0)).toBeCloseTo(0.5, 7)
  expect(upperTail(2)).toBeCloseTo(0.022750131948, 8)
  expect(upperTail(-2)).toBeCloseTo(0.977249868052, 8)
  expect(upperTail(5) / 2.866515718791933e-7).toBeCloseTo(1, 5)
  expect(upperQuantile(0.01)).toBeCloseTo(2.3263478740408408, 5)
  expect(upperQuantile(0.2)).toBeCloseTo(0.8416212335729142, 5)
})

test('five positive differences have p = 1/32', () => {
  expect(signedRank([1, 2, 3, 4, 5])).toEqual({ statistic: 15, n: 5, p: 1 / 32 })
  expect(signedRank([-1, -2, -3, -4, -5])).toEqual({ statistic: 0, n: 5, p: 1 })
})

test('ignores zeros', () => {
  expect(signedRank([0, 0, 1, 2, 0, 3, 4, 5])).toEqual(signedRank([1, 2, 3, 4, 5]))
  expect(signedRank([0, 0, 0])).toEqual({ statistic: 0, n: 0, p: 1 })
})

test('matches SciPy for thirty differences', () => {
  const differences = Array.from({ length: 30 }, (_, i) => (((i + 1) * 37) % 31) - 12.75)
  const { statistic, p } = signedRank(differences)
  expect([statistic, p.toFixed(12)]).toEqual([309, '0.059538284317'])
})

test('uses the normal distribution for three hundred differences', () => {
  const differences = Array.from({ length: 300 }, (_, i) => (((i + 1) * 7919) % 301) - 140)
  const { statistic, n, p } = signedRank(differences)
  expect([statistic, n]).toEqual([25459.5, 299])
  expect(p).toBeCloseTo(0.021293161454, 7)
})

test('equals the share of all sign combinations with such a statistic, with ties and zeros', () => {
  const differences = fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 10 })
  fc.assert(
    fc.property(differences, (all) => {
      const some = all.filter((one) => one !== 0).map(Math.abs)
      const { statistic, p } = signedRank(all)
      const signs = Array.from({ length: 2 ** some.length }, (_, bits) =>
        some.map((size, index) => ((bits >> index) & 1 ? size : -size)),
      )
      const asLarge = signs.filter((one) => signedRank(one).statistic >= statistic)
      expect(p).toBeCloseTo(asLarge.length / signs.length, 10)
    }),
    { numRuns: rounds(30) },
  )
})

test('the shift is inside of its interval, and moves with the differences', () => {
  const { estimate, low, high } = shiftOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95)
  // Tables give 8 as the critical value of ten: it is the ninth mean from either end.
  expect([estimate, low, high]).toEqual([5.5, 3, 8])
  const moved = shiftOf([11, 12, 13, 14, 15, 16, 17, 18, 19, 20], 0.95)
  expect([moved.estimate, moved.low, moved.high]).toEqual([15.5, 13, 18])
})

test('a 95 % interval contains the true shift in about 95 of 100 cases', () => {
  const random = seeded(7)
  const samples = (n: number) => Array.from({ length: n }, () => random() + random() - 1 + 3)
  for (const n of [8, 30, 210]) {
    const runs = n === 210 ? 120 : 1000
    const held = Array.from({ length: runs }, () => shiftOf(samples(n), 0.95)).filter(
      ({ low, high }) => low <= 3 && 3 <= high,
    )
    expect(held.length / runs, `n = ${n}`).toBeGreaterThan(0.9)
    expect(held.length / runs, `n = ${n}`).toBeLessThan(0.995)
  }
})

test('too few differences have an unbounded interval', () => {
  expect(shiftOf([1, 2, 3], 0.95)).toEqual({ estimate: 2, low: -Infinity, high: Infinity })
})

/** Numbers between 0 and 1 that are the same in every run: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
