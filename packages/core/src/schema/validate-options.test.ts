import { expect, test } from 'vitest'
import { originOf } from '../document/origin.ts'
import { boolean, kind, list, number, object, string, union } from './schema.ts'
import { validateOptions } from './validate-options.ts'

interface CacheOptions {
  readonly image: string
  readonly maxMemory?: string | number
  readonly append?: boolean
  readonly db?: { readonly kind: 'service' }
  readonly ports?: readonly { readonly target: number }[]
}
const optionsSchema = object<CacheOptions>(
  {
    image: string,
    maxMemory: union(string, number),
    append: boolean,
    db: kind('service'),
    ports: list(object({ target: number }, { required: ['target'] })),
  },
  { required: ['image'] },
)

function cache(options: unknown) {
  validateOptions('cache', options, optionsSchema, originOf(cache))
}

test('valid options, and options that are undefined, are accepted', () => {
  cache({ image: 'redis:8', maxMemory: 1, append: false, db: { kind: 'service' } })
  cache({ image: 'redis:8', maxMemory: '1M', append: undefined })
})

test.each<[unknown, string, string]>([
  [{ image: 'a', maxmemory: 1 }, 'cache: unknown key maxmemory', 'Did you mean `maxMemory`?'],
  [{ image: 'a', nonsense: 1 }, 'cache: unknown key nonsense', 'Use one of image, maxMemory'],
  [{ image: 'a', toString: 1 }, 'cache: unknown key toString', 'Use one of'],
  [
    { image: 'a', maxMemory: true },
    'maxMemory of cache: expected a string or a number, got true',
    'Set it to a string or a number.',
  ],
  [{ image: 'a', append: 'yes' }, 'append of cache: expected a boolean, got "yes"', 'a boolean.'],
  [
    { image: 'a', db: { kind: 'network', name: 'n' } },
    'db of cache: expected a service, got the network n',
    'Set it to a service.',
  ],
  [{ image: process.env.NO_SUCH }, 'cache: missing key image', 'Set `image` to a string.'],
  [undefined, 'cache: expected an object, got undefined', 'Write an object: { image }.'],
  [['a'], 'cache: expected an object, got a list', 'Write an object'],
  [{ image: 'a', ports: [{}] }, 'ports[0] of cache: missing key target', 'a number.'],
])('%j is rejected with the line of the call', (options, message, hint) => {
  expect(() => cache(options)).toThrow(message)
  expect(() => cache(options)).toThrow(hint)
  expect(() => cache(options)).toThrow(/options\.test\.ts:\d+:\d+: /)
})

test('one error lists every violation', () => {
  const options = { image: 1, maxmemory: 1, ports: [{ target: 1 }, { target: 'x' }] }
  expect(() => cache(options)).toThrow(
    [
      'image of cache: expected a string, got 1',
      '  Set it to a string.',
      '  also: cache: unknown key maxmemory. Did you mean `maxMemory`?',
      '  also: ports[1].target of cache: expected a number, got "x". Set it to a number.',
    ].join('\n'),
  )
})
