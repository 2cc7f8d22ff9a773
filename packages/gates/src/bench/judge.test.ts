import { expect, test } from 'vitest'
import { effectOf, judgeCount, judgeTime } from './judge.ts'

const times = (n: number, value: (index: number) => number) =>
  Array.from({ length: n }, (_, i) => value(i))
const flat = (value: number) => times(30, () => value)
/** Values with noise of up to `size`, without a trend or ties. */
const shaky = (value: number, size: number, phase = 0) =>
  times(30, (i) => value * (1 + size * Math.sin(12.9898 * (i + phase + 1))))

test('counts: the median may grow by 10 % and the tolerance', () => {
  const verdict = (now: number) =>
    judgeCount({ head: flat(now), base: flat(10_000) }, 0.1, 'reductions').verdict
  expect([10_000, 9_000, 11_000, 11_004].map(verdict)).toEqual(['pass', 'pass', 'pass', 'pass'])
  expect([11_020, 12_500].map(verdict)).toEqual(['regression', 'regression'])
})

test('counts: the reason has both medians, the change and the limit', () => {
  const { reason, change } = judgeCount({ head: flat(1274), base: flat(1020) }, 0.1, 'reductions')
  expect(reason).toBe('1274 reductions a call instead of 1020, 24.9 % more; the limit is 10 %')
  expect(change).toBeCloseTo(0.249)
})

test('counts: ignores outliers', () => {
  const head = [...flat(1000).slice(0, 25), ...times(5, () => 9000)]
  expect(judgeCount({ head, base: flat(1000) }, 0.1, 'words').verdict).toBe('pass')
})

test('counts: an increase within the noise is inconclusive', () => {
  const verdict = (now: number, noise: number) =>
    judgeCount({ head: shaky(now, noise), base: shaky(1000, noise, 50) }, 0.1, 'words').verdict
  expect(verdict(1000, 0.02)).toBe('pass')
  expect(verdict(1095, 0.02)).toBe('inconclusive')
  expect(verdict(1300, 0.02)).toBe('regression')
  expect(verdict(1000, 0.3)).toBe('inconclusive')
})

test('counts: an increase from zero is a regression', () => {
  const { verdict, reason, change } = judgeCount({ head: flat(2), base: flat(0) }, 0.1, 'words')
  expect([verdict, change]).toEqual(['regression', undefined])
  expect(reason).toBe('2 words a call instead of 0; the limit is 10 % more')
  expect(judgeCount({ head: flat(0), base: flat(0) }, 0.1, 'words').verdict).toBe('pass')
})

test('time: a slowdown in every round is a regression', () => {
  const slower = { head: shaky(1250, 0.05), base: shaky(1000, 0.05, 50) }
  const { verdict, reason } = judgeTime([slower, slower, slower], 0.1)
  expect(verdict).toBe('regression')
  expect(reason).toMatch(
    /^2\S+ % slower, p = \S+; measured again 2 times, at least 2\S+ % slower, p = \S+; the limit is 10 %$/,
  )
})

test('time: a slowdown in the only round is a regression', () => {
  const slower = { head: shaky(1250, 0.05), base: shaky(1000, 0.05, 50) }
  expect(judgeTime([slower], 0.1).verdict).toBe('regression')
})

test('time: an unconfirmed slowdown is inconclusive', () => {
  const slower = { head: shaky(1250, 0.05), base: shaky(1000, 0.05, 50) }
  const same = { head: shaky(1000, 0.05), base: shaky(1000, 0.05, 50) }
  const { verdict, reason } = judgeTime([slower, slower, same], 0.1)
  expect(verdict).toBe('inconclusive')
  expect(reason).toMatch(/measured again .*: not confirmed$/)
})

test('time: passes with the detectable slowdown in the reason', () => {
  const { verdict, reason } = judgeTime(
    [{ head: shaky(1000, 0.02), base: shaky(1000, 0.02, 50) }],
    0.1,
  )
  expect(verdict).toBe('pass')
  expect(reason).toMatch(/; \d\.?\d* % is detectable$/)
})

test('time: noise that hides a slowdown is inconclusive', () => {
  const noisy = { head: shaky(1000, 0.6), base: shaky(1000, 0.6, 50) }
  expect(effectOf(noisy).detectable).toBeGreaterThan(0.1)
  const { verdict, reason } = judgeTime([noisy], 0.1)
  expect(verdict).toBe('inconclusive')
  expect(reason).toMatch(/the noise hides less than \d+\.?\d? %, the limit is 10 %$/)
})

test('time: few pairs are inconclusive', () => {
  const few = { head: shaky(2000, 0.01).slice(0, 12), base: shaky(1000, 0.01).slice(0, 12) }
  expect(judgeTime([few], 0.1)).toMatchObject({
    verdict: 'inconclusive',
    reason: '12 pairs are too few: 30 are needed',
  })
})

test('less noise and more pairs make smaller slowdowns detectable', () => {
  const detectable = (noise: number, n: number) =>
    effectOf({
      head: times(n, (i) => 1000 * (1 + noise * Math.sin(12.9898 * i))),
      base: times(n, (i) => 1000 * (1 + noise * Math.sin(78.233 * i))),
    }).detectable
  expect(detectable(0.02, 30)).toBeLessThan(detectable(0.1, 30))
  expect(detectable(0.1, 120)).toBeLessThan(detectable(0.1, 30))
})
