import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isKnown, resolve, resolveNumber, unknown } from './resolve.ts'

test.each([
  ['8080', '8080'],
  [8080, '8080'],
  [undefined, ''],
  ['${PORT:-8080}', '8080'],
  ['${PORT-8080}:80', '8080:80'],
  ['${A:-${B:-c}}d', 'cd'],
  ['${A:+set}', ''],
  ['$$HOME', '$HOME'],
  ['price: 5$', 'price: 5$'],
  ['$PORT:80', `${unknown}:80`],
  ['${PORT:?say it}', unknown],
])('%s is %s in an empty environment', (written, meant) => {
  expect(resolve(written)).toBe(meant)
})

test('a number is known or not', () => {
  expect(resolveNumber('${PORT:-9100}')).toBe(9100)
  expect(resolveNumber('${PORT}')).toBeUndefined()
  expect(resolveNumber('1.5')).toBeUndefined()
})

test('text with doubled dollars resolves to itself, and resolving always ends', () => {
  fc.assert(fc.property(fc.string(), (text) => resolve(text.replaceAll('$', '$$$$')) === text))
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-') }), (text) => {
      expect(isKnown(resolve(text))).toBeTypeOf('boolean')
    }),
  )
})

test('deeply nested text is unknown, without delay', () => {
  expect(isKnown(resolve('${A:-'.repeat(100_000)))).toBe(false)
})
