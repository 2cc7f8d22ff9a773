import { expect, test } from 'vitest'
import { checkOptions, type OptionKinds } from './options.ts'
import { originOf } from './origin.ts'

interface CacheOptions {
  readonly image: string
  readonly maxMemory?: string | number
  readonly append?: boolean
  readonly db?: { readonly kind: 'service' }
}
const kinds: OptionKinds<CacheOptions> = {
  image: 'text',
  maxMemory: 'text, or a number',
  append: 'true or false',
  db: 'a service',
}

function cache(options: unknown) {
  checkOptions('cache', options as CacheOptions, kinds, originOf(cache), ['image'])
}

test('options of their kinds are nothing to say, nor is one that is left open', () => {
  cache({ image: 'redis:8', maxMemory: 1, append: false, db: { kind: 'service' } })
  cache({ image: 'redis:8', maxMemory: '1M', append: undefined })
})

test.each<[unknown, string, string]>([
  [{ image: 'a', maxmemory: 1 }, 'cache has no option "maxmemory"', 'Did you mean `maxMemory`?'],
  [{ image: 'a', nonsense: 1 }, 'cache has no option "nonsense"', 'Known are image, maxMemory'],
  [{ image: 'a', toString: 1 }, 'cache has no option "toString"', 'Known are'],
  [{ image: 'a', maxMemory: true }, 'maxMemory of cache is true', 'It is text, or a number.'],
  [{ image: 'a', append: 'yes' }, 'append of cache is "yes"', 'It is true or false.'],
  [{ image: 'a', db: { kind: 'network', name: 'n' } }, 'db of cache is the network n', 'a service'],
  [{ image: process.env.NO_SUCH }, 'cache has no image', 'Say it: image is text.'],
  [undefined, 'the options of cache are undefined', 'Give an object: { image }.'],
  [['a'], "the options of cache are [ 'a' ]", 'Give an object'],
])('%j is refused where it was written', (options, message, hint) => {
  expect(() => cache(options)).toThrow(message)
  expect(() => cache(options)).toThrow(hint)
  expect(() => cache(options)).toThrow(/options\.test\.ts:\d+:\d+: /)
})
