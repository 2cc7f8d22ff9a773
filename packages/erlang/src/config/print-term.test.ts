import fc from 'fast-check'
import { expect, test } from 'vitest'
import { osVariable } from './os-variable.ts'
import { printTerm } from './print-term.ts'
import { atom, binary, float, map, proplist, tuple } from './term.ts'

test('each kind of term', () => {
  expect(printTerm('say "hi"\n')).toBe('"say \\"hi\\"\\n"')
  expect(printTerm(8080)).toBe('8080')
  expect(printTerm(-1n)).toBe('-1')
  expect(printTerm(0.5)).toBe('0.5')
  expect(printTerm(float(1))).toBe('1.0')
  expect(printTerm(true)).toBe('true')
  expect(printTerm(atom('info'))).toBe('info')
  expect(printTerm(binary('grüße'))).toBe('<<"grüße"/utf8>>')
  expect(printTerm(binary(Uint8Array.of(255, 0)))).toBe('<<255,0>>')
  expect(printTerm(tuple(127, 0, 0, 1))).toBe('{127,0,0,1}')
  expect(printTerm(map([[1, 'one']]))).toBe('#{1 => "one"}')
  expect(printTerm(proplist({ port: 1 }))).toBe('[{port,1}]')
})

test('atoms are quoted where Erlang needs it', () => {
  expect(printTerm(atom('Info'))).toBe("'Info'")
  expect(printTerm(atom('maybe'))).toBe("'maybe'")
  expect(printTerm(atom("it's"))).toBe("'it\\'s'")
  expect(printTerm(atom(''))).toBe("''")
  expect(() => printTerm(atom('a'.repeat(256)))).toThrow('more than 255 characters')
})

test('a value without an Erlang term is rejected', () => {
  expect(() => printTerm(Number.NaN)).toThrow('expected a finite number, got NaN')
  expect(() => printTerm(2 ** 60)).toThrow('is not exact in JavaScript')
  expect(() => printTerm('\ud800')).toThrow('surrogate')
  expect(() => printTerm({ a: 1 } as never)).toThrow('expected an Erlang term')
})

test('no text can look like a variable of the start script', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const term of [`\${${text}}`, atom(`\${${text}`.slice(0, 99)), binary(`\${${text}}`)]) {
        expect(printTerm(term)).not.toContain('${')
      }
    }),
  )
})

test('a variable is written by its kind', () => {
  expect(printTerm(osVariable('HOST', { default: 'db' }))).toBe('"${HOST}"')
  expect(printTerm(osVariable('PORT', { kind: 'integer', default: 5432 }))).toBe('${PORT}')
  expect(() => osVariable('1X')).toThrow('invalid name of an environment variable')
  expect(() => osVariable('X', { kind: 'integer', default: 'many' })).toThrow('a whole number')
  expect(() => osVariable('X', { default: 'a"b' })).toThrow('letters, digits')
})
