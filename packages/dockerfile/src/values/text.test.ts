import { expect, test } from 'vitest'
import { arg, heredoc, literalOf, ref, template, variablesOf } from '../index.ts'

test('a template keeps its pieces, and takes in another one', () => {
  const inner = template`${ref('A')}-${1}`
  expect(template`x${inner}y`.parts).toEqual(['x', { variable: 'A' }, '-1y'])
  expect(literalOf(template`a${'b'}${1}`)).toBe('ab1')
  expect(literalOf(inner)).toBeUndefined()
})

test('variables are found in defaults, too', () => {
  const text = ref('A', { default: template`/${ref('B')}` })
  expect([...variablesOf(text)].map(({ variable }) => variable)).toEqual(['A', 'B'])
})

test('a reference is made from a name or from the ARG that declares it', () => {
  expect(ref(arg('OTP', '28'))).toEqual(ref('OTP'))
  expect(() => ref('a-b')).toThrow(/invalid name of a variable "a-b"/)
  expect(() => ref('A', { default: 'x', required: 'y' })).toThrow(/both default and required/)
})

test('a heredoc loses the indentation of its place and keeps the rest', () => {
  const text = heredoc`
    set -eu
    for x in 1 2; do
      printf '%s\n' "$x" \
        | cat
    done

    true
  `
  expect(text).toBe(
    [
      'set -eu',
      'for x in 1 2; do',
      `${String.raw`  printf '%s\n' "$x" `}\\`,
      '    | cat',
      'done',
      '',
      'true',
    ].join('\n'),
  )
})
