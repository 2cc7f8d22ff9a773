import { type Cursor, isCharacter } from './cursor.ts'

/**
 * The text up to a closing character. The cursor is at the opening one.
 *
 * @param verbatim whether a backslash is an ordinary character
 */
export function scanQuoted(cursor: Cursor, closer: string, verbatim = false): string {
  const { text } = cursor
  const start = cursor.at++
  const parts: string[] = []
  for (let from = cursor.at; ; from = cursor.at) {
    while (cursor.at < text.length && text[cursor.at] !== closer) {
      if (text[cursor.at] === '\\' && !verbatim) break
      cursor.at++
    }
    parts.push(text.slice(from, cursor.at))
    if (cursor.at >= text.length)
      cursor.fail(`expected ${closer} before the end of the file`, start)
    if (text[cursor.at] === closer) break
    parts.push(scanEscape(cursor))
  }
  cursor.at++
  return parts.join('')
}

/** The number of a character after `$`. */
export function scanChar(cursor: Cursor): number {
  const start = cursor.at++
  const char = cursor.text.codePointAt(cursor.at)
  if (char === undefined) return cursor.fail('expected a character after $', start)
  if (char === 0x5c) return scanEscape(cursor).codePointAt(0)!
  cursor.at += char > 0xffff ? 2 : 1
  return char
}

const named: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', v: '\v', b: '\b', f: '\f', s: ' ', e: '\x1b', d: '\x7f' },
}

const escapePattern =
  /\\(?:([0-7]{1,3})|x\{([0-9a-fA-F]{1,8})\}|x([0-9a-fA-F]{2})|\^([\s\S])|([^x^]))/uy

/** The character of an escape sequence. The cursor is at the backslash. */
function scanEscape(cursor: Cursor): string {
  const { text } = cursor
  const start = cursor.at
  escapePattern.lastIndex = start
  const match = escapePattern.exec(text)
  if (!match) return cursor.fail('invalid escape sequence', start)
  cursor.at = escapePattern.lastIndex
  const [, octal, braced, hex, control, char] = match
  if (char !== undefined) return named[char] ?? char
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 31)
  const code = octal === undefined ? Number.parseInt(braced ?? hex!, 16) : Number.parseInt(octal, 8)
  return isCharacter(code)
    ? String.fromCodePoint(code)
    : cursor.fail('invalid escape sequence: not a Unicode character', start)
}

/**
 * A string of OTP 27 between lines of three or more quotes. The indentation of the last line is
 * removed from every line.
 */
export function scanTripleQuoted(cursor: Cursor, verbatim = true): string {
  const { text } = cursor
  const start = cursor.at
  while (text[cursor.at] === '"') cursor.at++
  const quotes = text.slice(start, cursor.at)
  const first = text.indexOf('\n', cursor.at)
  if (first === -1 || text.slice(cursor.at, first).trim() !== '') {
    return cursor.fail(`expected a line break after ${quotes}`, start)
  }
  const lines: string[] = []
  for (let from = first + 1; ; ) {
    const end = text.indexOf('\n', from)
    const line = text.slice(from, end === -1 ? text.length : end)
    const indent = /^[ \t]*/.exec(line)![0]
    if (line.startsWith(quotes, indent.length)) {
      cursor.at = from + indent.length + quotes.length
      const joined = dedent(cursor, lines, indent, start).join('\n')
      return verbatim ? joined : replaceEscapes(cursor, joined, start)
    }
    if (end === -1) return cursor.fail(`expected ${quotes} on a line before the end`, start)
    lines.push(line)
    from = end + 1
  }
}

function dedent(cursor: Cursor, lines: readonly string[], indent: string, start: number): string[] {
  return lines.map((line) => {
    if (line.startsWith(indent)) return line.slice(indent.length)
    if (line.trim() === '') return ''
    return cursor.fail('a line of the string has less indentation than its end', start)
  })
}

function replaceEscapes(cursor: Cursor, text: string, start: number): string {
  const inner: Cursor = { text, at: 0, fail: (message) => cursor.fail(message, start) }
  const parts: string[] = []
  while (inner.at < text.length) {
    const next = text.indexOf('\\', inner.at)
    parts.push(text.slice(inner.at, next === -1 ? text.length : next))
    inner.at = next === -1 ? text.length : next
    if (next !== -1) parts.push(scanEscape(inner))
  }
  return parts.join('')
}
