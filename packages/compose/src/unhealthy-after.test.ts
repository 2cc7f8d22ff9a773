import { parseDuration } from '@erlmcp/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unhealthyAfter } from './unhealthy-after.ts'

test.each([
  ['10s', 10_000],
  ['1m30s', 90_000],
  ['1h5m30s20ms', 3_930_020],
  ['0.5s', 500],
  ['250us', 0.25],
])('%s is %d ms', (text, expected) => expect(parseDuration(text)).toBe(expected))

test.each(['', '10', 's', '10 s', '${A:-10s}', '10s!'])('%j is not a duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})

test('a number of each unit adds up', () => {
  fc.assert(
    fc.property(fc.nat(99), fc.nat(99), fc.nat(99), (h, m, s) => {
      expect(parseDuration(`${h}h${m}m${s}s`)).toBe(((h * 60 + m) * 60 + s) * 1000)
    }),
  )
})

test('a failure is detected after all retries and their timeouts', () => {
  expect(unhealthyAfter({ interval: '15s', timeout: '10s', retries: 3 })).toBe(75_000)
  expect(unhealthyAfter({})).toBe(180_000)
  expect(unhealthyAfter({ retries: 0 })).toBe(180_000)
  expect(unhealthyAfter({ interval: '${A:-1s}' })).toBeUndefined()
})
