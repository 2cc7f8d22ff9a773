import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyTerm } from '../../fixtures/any-term.ts'
import { canon } from '../../fixtures/canonical-term.ts'
import { printTerm } from '../config/print-term.ts'
import { atom, binary, float, fun, improperList, map, type Term, tuple } from '../config/term.ts'
import { decodeTerms, parseTerms } from './parse-terms.ts'

const parse = (text: string) => parseTerms(text, 'rebar.config')
const termsOf = (text: string) => parse(text).map(({ term }) => term)
const rejected = (text: string) => expect(() => parse(text))

test('each kind of term', () => {
  expect(termsOf("info. 'Hello World'. ünder_score@1.")).toEqual(
    ['info', 'Hello World', 'ünder_score@1'].map(atom),
  )
  expect(termsOf('8080. -1. 16#fF. 1_000. $a. $\\n.')).toEqual([8080, -1, 255, 1000, 97, 10])
  expect(termsOf('123456789012345678901.')).toEqual([123456789012345678901n])
  expect(termsOf('1.0. 1.5e3.')).toEqual([float(1), float(1500)])
  expect(termsOf('"a\\x{20ac}" "b\n" "c".')).toEqual(['a€b\nc'])
  expect(termsOf('<<"grüße"/utf8>>. <<1,2>>.')).toEqual([
    binary('grüße'),
    binary(Uint8Array.of(1, 2)),
  ])
  expect(termsOf('{127,0,0,1}. #{a => [1]}.')).toEqual([
    tuple(127, 0, 0, 1),
    map({ a: [1] as readonly Term[] }),
  ])
  expect(termsOf('fun lists:sort/1. [1|[2]]. [1|2].')).toEqual([
    fun('lists', 'sort', 1),
    [1, 2],
    improperList([1], 2),
  ])
})

test('strings and sigils of OTP 27', () => {
  expect(termsOf('"""\n  first\n    "second"\n  """.')).toEqual(['first\n  "second"'])
  expect(termsOf('~"a". ~s(a\\n). ~S[a\\n].')).toEqual([binary('a'), 'a\n', 'a\\n'])
})

test('a term knows its position, and those of its elements', () => {
  const [deps] = parse('% comment\n\n{deps,\n  [cowboy,\n   {ranch, "1.8"}]}.\n')
  expect(deps).toMatchObject({ file: 'rebar.config', line: 3, column: 1 })
  const ranch = deps!.items[1]!.items[1]!
  expect(ranch).toMatchObject({ line: 5, column: 4 })
  expect(ranch.items[1]).toMatchObject({ term: '1.8', line: 5, column: 12 })
})

test('an error names the place and what Erlang expects there', () => {
  rejected('{deps, [a}.').toThrow('rebar.config:1:10: expected , or ], got }')
  rejected('{deps,\n []}').toThrow('rebar.config:2:5: expected a dot and a line break')
  rejected('{deps, Deps}.').toThrow('expected a term, got variable Deps')
  rejected('{pid, <0.1.0>}.').toThrow('expected a term, got "<"')
  rejected('"open').toThrow('rebar.config:1:1: expected " before the end of the file')
  rejected('[1 + 2].').toThrow('expected , or ], got +')
  rejected('<<1:3>>.').toThrow('expected whole bytes')
})

test('what is printed is parsed to the same term', () => {
  fc.assert(
    fc.property(fc.array(anyTerm), (terms) => {
      const text = terms.map((term) => `${printTerm(term)}.\n`).join('')
      expect(termsOf(text).map(canon)).toEqual(terms.map(canon))
    }),
  )
})

test('any text is parsed or rejected with a place', () => {
  const piece = fc.constantFrom(...'{}[]()<>|,.:/#~$"\'\\%-+a1 \n_'.split(''), '=>', '<<', '"""')
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      (text) => {
        try {
          parse(text)
        } catch (error) {
          expect(error).toMatchObject({ name: 'UserError', location: { file: 'rebar.config' } })
        }
      },
    ),
  )
})

test.each([
  ['deep nesting', '['.repeat(1e6)],
  ['a long string', `"${'a\\n'.repeat(3e5)}".`],
  ['an open string', `"${'a'.repeat(1e7)}`],
  ['many terms in one line', `[${'1,'.repeat(1e5)}1].`],
  ['a long number', '9'.repeat(1e7)],
  ['many adjacent strings', `${'"a" '.repeat(2e5)}.`],
  ['large segments of a binary', `<<${'1:1000000000,'.repeat(3e4)}1>>.`],
  ['white space', `${' '.repeat(1e7)}a.`],
])(
  '%s takes linear time',
  (_, text) => {
    const start = performance.now()
    try {
      parse(text)
    } catch (error) {
      expect(error).toHaveProperty('hint')
    }
    expect(performance.now() - start).toBeLessThan(10_000)
  },
  20_000,
)

test('a comment of the first two lines sets the encoding', () => {
  const latin = Uint8Array.from(Buffer.from("%% coding: latin-1\n'ü'.", 'latin1'))
  expect(termsOf(decodeTerms(latin))).toEqual([atom('ü')])
  expect(termsOf(decodeTerms(new TextEncoder().encode("'ü'.")))).toEqual([atom('ü')])
})
