import { isUserError, stack, synthesize } from '@erlmcp/core'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ErlangImageOptions, erlangImage, osVariable } from './index.ts'

const options = { release: 'app', version: '1.0.0', otp: '28.3.1' } as const

const leaves = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, undefined, true, 0, -1, 1.5, NaN, 10n, Symbol('x'), () => 1, new Date(0), new Map()],
    ...['', 'a', 'apps', '/run', '1.2', 'erlang:28.3.1-slim', 'a@b', osVariable('A')],
  ),
  fc.string({ maxLength: 6 }),
)
const names = fc.constantFrom(
  ...['builder', 'runtime', 'build', 'debug', 'versions', 'port', 'live', 'title', 'app', 'term'],
  ...['-kernel', '-name', '+P', '-setcookie'],
)
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaves,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3 }),
  ),
})).value
const keys = fc.constantFrom<keyof ErlangImageOptions>(
  ...(['release', 'version', 'otp', 'flavour', 'digests', 'bases', 'folder', 'image'] as const),
  ...(['dependencyFiles', 'sources', 'packages', 'ports', 'labels', 'health'] as const),
  ...(['distribution', 'vmArgs', 'sysConfig', 'project'] as const),
)

test('any value of an option is accepted or rejected with a UserError', () => {
  let accepted = 0
  const property = fc.property(keys, anything, (key, value) => {
    try {
      synthesize(stack('s', [erlangImage({ ...options, [key]: value } as never)]))
      accepted++
    } catch (error) {
      if (!isUserError(error)) throw error
    }
  })
  fc.assert(property, { numRuns: rounds(3000) })
  expect(accepted).toBeGreaterThan(10)
})

test.each<[string, object, string]>([
  ['a release that no shell set', { release: undefined }, 'erlangImage: missing key release'],
  [
    'a version that is a number',
    { version: 1 },
    'version of erlangImage: expected a version, got 1',
  ],
  ['no sources', { sources: null }, 'sources of erlangImage: expected a list'],
  [
    'an undefined source',
    { sources: ['apps', undefined] },
    'sources[1] of erlangImage: expected a path inside the project',
  ],
  [
    'a path of health that is a port',
    { health: { live: 80 } },
    'health.live of erlangImage: expected a path of a URL',
  ],
])('%s is reported', (_, more, words) => {
  const make = () => erlangImage({ ...options, ...more } as never)
  expect(make).toThrow(words)
  expect(make).toThrow(/options\.test\.ts:\d+:\d+: /)
})
