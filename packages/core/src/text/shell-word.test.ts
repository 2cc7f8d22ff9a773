import { spawnSync } from 'node:child_process'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shellWord } from './shell-word.ts'

test('any text is one word of a real shell', () => {
  // One shell for all: each word is printed with a NUL after it, which no word can have.
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.stringMatching(/^[\\"'`$#<>{}[\]()=,;:&|!*?~%\n\t -]{0,20}$/),
  )
  const words = fc.sample(
    text.filter((one) => !one.includes('\0')),
    { numRuns: rounds(2000), seed: 7 },
  )
  const command = `printf '%s\\0' ${words.map(shellWord).join(' ')}`
  const { stdout, status } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
  expect(status).toBe(0)
  expect(stdout.split('\0').slice(0, -1)).toEqual(words)
})

test('a NUL is refused', () => {
  expect(() => shellWord('a\0b')).toThrow('NUL byte')
})
