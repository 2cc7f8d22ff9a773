import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printHaproxy } from './haproxy-config.ts'

/** Words of a line as HAProxy's manual has it (2.2): quotes, escapes, comments. */
function wordsOf(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at]!
    if (quote === "'" ? char === "'" : quote === '"' ? char === '"' : false) quote = ''
    else if (quote !== '') word += char
    else if (char === "'" || char === '"') {
      quote = char
      word ??= ''
    } else if (char === '\\') {
      at += 1
      word = (word ?? '') + line[at]
    } else if (char === '#') break
    else if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  return word === undefined ? words : [...words, word]
}

const word = fc.string({ unit: 'grapheme' }).filter((text) => !/[\0\r\n]/.test(text))

test('a word stays one word, whatever is in it', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (words) => {
      expect(wordsOf(printHaproxy([[words]]).trimEnd())).toEqual(words)
    }),
  )
})

test('a section is a line, and those below it', () => {
  expect(
    printHaproxy([
      [['global'], ['setenv', 'A', "it's # not"]],
      [['defaults'], ['weight', { variable: 'A' }]],
    ]),
  ).toBe(`global\n    setenv A 'it'\\''s # not'\n\ndefaults\n    weight "\${A}"\n`)
})

test.each(['a\nb', 'a\rb', 'a\0b'])('what would end the line is refused: %j', (text) => {
  expect(() => printHaproxy([[[text]]])).toThrow('has a line break, which HAProxy does not support')
})
