import { type Location, UserError } from '@erlmcp/core'
import { reservedWords } from '../config/print-term.ts'
import { atom, binary, float, type Term } from '../config/term.ts'
import { type Cursor, isName, isNameStart, isSpace } from './cursor.ts'
import { scanChar, scanQuoted, scanTripleQuoted } from './scan-text.ts'

/** The smallest part of a term. */
export type Token = Readonly<
  { start: number } & (
    | { kind: 'value'; term: Term }
    | { kind: 'string'; text: string }
    | { kind: 'mark' | 'word'; text: string }
    | { kind: 'dot' | 'end' }
  )
>

/** The tokens of a text. */
export interface Scanner {
  next(): Token
  /** The line and column of a token. Asked in ascending order, it takes linear time. */
  locate(start: number): Location
  fail(message: string, at: number): never
}

/** The tokens of Erlang terms (Erlang Reference Manual, "Data Types"; erl_scan). */
export function scanTerms(text: string, file: string): Scanner {
  const locate = locator(text, file)
  const fail = (message: string, at: number): never => {
    throw new UserError({
      message,
      hint: 'Write Erlang terms, each with a dot and a line break at its end.',
      location: locator(text, file)(at),
    })
  }
  const cursor: Cursor = { text, at: 0, fail }
  return { locate, fail, next: () => nextToken(cursor) }
}

function locator(text: string, file: string): (at: number) => Location {
  const breakAfter = (from: number) => {
    const at = text.indexOf('\n', from)
    return at === -1 ? Number.POSITIVE_INFINITY : at
  }
  let line = 1
  let start = 0
  let end = breakAfter(0)
  return (at) => {
    while (end < at) {
      line++
      start = end + 1
      end = breakAfter(start)
    }
    return { file, line, column: at - start + 1 }
  }
}

const marks = ['<<', '>>', '=>', '{', '}', '[', ']', '(', ')', ',', '|', '#', ':', '/', '+', '-']

function nextToken(cursor: Cursor): Token {
  skipBlank(cursor)
  const { text, at: start } = cursor
  if (start >= text.length) return { kind: 'end', start }
  const code = text.charCodeAt(start)
  const char = text[start]!
  if (char >= '0' && char <= '9') return { kind: 'value', term: scanNumber(cursor), start }
  if (char === '$') return { kind: 'value', term: scanChar(cursor), start }
  if (char === '"') return { kind: 'string', text: scanString(cursor), start }
  if (char === "'") return { kind: 'value', term: quotedAtom(cursor), start }
  if (char === '~') return { kind: 'value', term: scanSigil(cursor), start }
  if (char === '.' && endsTerm(text, start + 1)) {
    cursor.at++
    return { kind: 'dot', start }
  }
  if (isNameStart(code)) {
    const name = scanName(cursor)
    if (/^[\p{Lu}_]/u.test(name)) return cursor.fail(`expected a term, got variable ${name}`, start)
    if (reservedWords.has(name)) return { kind: 'word', text: name, start }
    return { kind: 'value', term: checkedAtom(cursor, name, start), start }
  }
  const mark = marks.find((one) => text.startsWith(one, start))
  if (mark === undefined) return cursor.fail(`expected a term, got ${shown(text, start)}`, start)
  cursor.at += mark.length
  return { kind: 'mark', text: mark, start }
}

function skipBlank(cursor: Cursor): void {
  const { text } = cursor
  for (;;) {
    while (cursor.at < text.length && isSpace(text.charCodeAt(cursor.at))) cursor.at++
    if (text[cursor.at] !== '%') return
    const end = text.indexOf('\n', cursor.at)
    cursor.at = end === -1 ? text.length : end
  }
}

function endsTerm(text: string, at: number): boolean {
  return at >= text.length || text[at] === '%' || isSpace(text.charCodeAt(at))
}

function scanName(cursor: Cursor): string {
  const start = cursor.at
  while (isName(cursor.text.charCodeAt(cursor.at))) cursor.at++
  return cursor.text.slice(start, cursor.at)
}

function quotedAtom(cursor: Cursor): Term {
  const start = cursor.at
  return checkedAtom(cursor, scanQuoted(cursor, "'"), start)
}

function checkedAtom(cursor: Cursor, name: string, start: number): Term {
  if (name.length <= 255 || [...name].length <= 255) return atom(name)
  return cursor.fail('atom has more than 255 characters', start)
}

function scanString(cursor: Cursor): string {
  return cursor.text.startsWith('"""', cursor.at)
    ? scanTripleQuoted(cursor)
    : scanQuoted(cursor, '"')
}

const closers: Readonly<Record<string, string>> = {
  ...{ '(': ')', '[': ']', '{': '}', '<': '>', '"': '"', "'": "'" },
  ...{ '/': '/', '|': '|', '`': '`', '#': '#' },
}

/** A sigil of OTP 27: `~b"…"` is a binary, `~s"…"` a string; capitals have no escapes. */
function scanSigil(cursor: Cursor): Term {
  const start = cursor.at++
  const name = scanName(cursor)
  const closer = closers[cursor.text[cursor.at] ?? '']
  if (!['', 'b', 'B', 's', 'S'].includes(name) || closer === undefined) {
    return cursor.fail(`expected a sigil such as ~b"…", got ${shown(cursor.text, start)}`, start)
  }
  const triple = cursor.text.startsWith('"""', cursor.at)
  const verbatim = name === 'B' || name === 'S' || (name === '' && triple)
  const text = triple ? scanTripleQuoted(cursor, verbatim) : scanQuoted(cursor, closer, verbatim)
  return name.toLowerCase() === 's' ? text : binary(text)
}

const maxDigits = 10_000

function scanNumber(cursor: Cursor): Term {
  const start = cursor.at
  const whole = scanDigits(cursor, 10)
  const { text } = cursor
  if (text[cursor.at] === '#') return scanBased(cursor, whole, start)
  const point = text[cursor.at] === '.' && isDigit(text[cursor.at + 1])
  if (!point) return integerOf(whole, 10)
  cursor.at++
  let digits = `${whole}.${scanDigits(cursor, 10)}`
  const exponent = /[eE][+-]?(?=[0-9])/y
  exponent.lastIndex = cursor.at
  const sign = exponent.exec(text)
  if (sign) {
    cursor.at = exponent.lastIndex
    digits += sign[0] + scanDigits(cursor, 10)
  }
  const value = Number(digits)
  return Number.isFinite(value) ? float(value) : cursor.fail('float exceeds 64 bits', start)
}

function scanBased(cursor: Cursor, base: string, start: number): Term {
  const radix = Number(base)
  if (radix < 2 || radix > 36)
    return cursor.fail(`expected a base from 2 to 36, got ${base}`, start)
  cursor.at++
  const digits = scanDigits(cursor, radix)
  return digits === ''
    ? cursor.fail('expected digits after #', cursor.at)
    : integerOf(digits, radix)
}

function scanDigits(cursor: Cursor, radix: number): string {
  const { text, at: start } = cursor
  const isOne = (char: string | undefined) => digitOf(char) < radix
  while (isOne(text[cursor.at]) || (text[cursor.at] === '_' && isOne(text[cursor.at + 1]))) {
    if (text[cursor.at] === '_' && cursor.at === start) break
    if (cursor.at++ - start > maxDigits) cursor.fail('number has more than 10000 digits', start)
  }
  return text.slice(start, cursor.at).replaceAll('_', '')
}

function isDigit(char: string | undefined): boolean {
  return digitOf(char) < 10
}

function digitOf(char: string | undefined): number {
  if (char === undefined || !/^[0-9a-zA-Z]$/.test(char)) return 99
  return Number.parseInt(char, 36)
}

function integerOf(digits: string, radix: number): number | bigint {
  const value = Number.parseInt(digits, radix)
  if (Number.isSafeInteger(value)) return value
  if (radix === 10) return BigInt(digits)
  let exact = 0n
  for (const digit of digits) exact = exact * BigInt(radix) + BigInt(digitOf(digit))
  return exact
}

function shown(text: string, at: number): string {
  return JSON.stringify(String.fromCodePoint(text.codePointAt(at)!))
}
