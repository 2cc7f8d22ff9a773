import { isUserError, type Source, stack, synthesize } from '@erlmcp/core'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as values from '../index.ts'
import { sections } from './sections.ts'

const { fromComposeSpec, mount, network, secret, service, volume } = values

const scalars = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1.5, '', 'a', '80:80', '1m', '${A:-b}', '/run', 'a=b'),
  fc.string({ maxLength: 6 }),
)
// Values of a stack.ts, and JavaScript values that are not data.
const things = fc.constantFrom<unknown>(
  ...[network('n'), volume('v'), secret('s'), service('o', { image: 'o:1' }), values.env('A', 'b')],
  ...[undefined, NaN, 10n, Symbol('x'), () => 1, new Date(0), new Map()],
)
const names = fc.constantFrom(
  ...['source', 'target', 'type', 'test', 'condition', 'limits', 'resources', 'labels', 'args'],
  ...['context', 'config', 'driver_opts', 'published', 'bind', 'update_config', 'x-own', 'app'],
)
// Any data, with the names of real keys.
const dataOf = (leaf: fc.Arbitrary<unknown>) =>
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 3 }),
    ),
  })).value

const place = fc.constantFrom(
  ...Object.entries(sections).flatMap(([section, { keys }]) =>
    Object.keys(keys).map((key) => [section as keyof typeof sections, key] as const),
  ),
)

/** How often data was accepted; any error but a UserError fails. */
function taken(leaf: fc.Arbitrary<unknown>, make: (...given: Given) => Source): number {
  let count = 0
  const property = fc.property(place, dataOf(leaf), ([section, key], value) => {
    try {
      synthesize(stack('s', [make(section, { [key]: value })]))
      count++
    } catch (error) {
      if (!isUserError(error)) throw error
    }
  })
  fc.assert(property, { numRuns: rounds(3000) })
  return count
}

type Given = readonly [section: keyof typeof sections, spec: object]

test('any data under a key of a compose file is accepted, or a UserError', () => {
  const make = (section: string, spec: object) => {
    const app = { image: 'app:1', networks: ['x'], secrets: ['x'], volumes: ['x:/x'] }
    const services = { app: section === 'services' ? { ...app, ...spec } : app }
    return fromComposeSpec('compose.yaml', { [section]: { x: spec }, services } as never)
  }
  expect(taken(scalars, make)).toBeGreaterThan(rounds(300))
})

test.each([values.compose, values.swarm])(
  'any spec of a value for $name is accepted, or a UserError',
  (dialect) => {
    const make = (...[section, spec]: Given) => {
      const use = {
        services: () => spec,
        networks: () => ({ networks: [network('x', spec as never)] }),
        volumes: () => ({ volumes: [mount(volume('x', spec as never), '/x')] }),
        secrets: () => ({ secrets: [secret('x', spec as never)] }),
        configs: () => ({ configs: [values.config('x', spec as never)] }),
        models: () => ({ models: [values.model('x', spec as never)] }),
      }[section]
      return dialect('compose.yaml', [service('app', { image: 'app:1', ...use() })])
    }
    expect(taken(fc.oneof(scalars, things), make)).toBeGreaterThan(rounds(100))
  },
)
