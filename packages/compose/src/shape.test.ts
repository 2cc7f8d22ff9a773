import { isUserError, stack, synthesize } from '@erlmcp/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromComposeSpec } from './compose-spec.ts'
import { resourceKeys, serviceKeys } from './keys.ts'

const scalars = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1.5, '', 'a', '80:80', '1m', '${A:-b}', '/run', 'a=b'),
  fc.string({ maxLength: 6 }),
)
const names = fc.constantFrom(
  ...['source', 'target', 'type', 'test', 'condition', 'limits', 'resources', 'labels', 'args'],
  ...['context', 'config', 'driver_opts', 'published', 'bind', 'update_config', 'x-own', 'app'],
)
// What a person might put under a key: any data, with names that mean something somewhere.
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3 }),
  ),
})).value

const sections = { services: serviceKeys, ...resourceKeys }
const place = fc.constantFrom(
  ...Object.entries(sections).flatMap(([section, keys]) =>
    Object.keys(keys).map((key) => [section, key] as const),
  ),
)

test('whatever stands under a key is taken, or refused in words', () => {
  let taken = 0
  fc.assert(
    fc.property(place, anything, ([section, key], value) => {
      const app = { image: 'app:1', networks: ['x'], secrets: ['x'], volumes: ['x:/x'] }
      const services = { app: section === 'services' ? { ...app, [key]: value } : app }
      const spec = { [section]: { x: { [key]: value } }, services }
      try {
        synthesize(stack('s', [fromComposeSpec('compose.yaml', spec as never)]))
        taken++
      } catch (error) {
        if (!isUserError(error)) throw error
      }
    }),
    { numRuns: 5000 },
  )
  expect(taken).toBeGreaterThan(500)
})
