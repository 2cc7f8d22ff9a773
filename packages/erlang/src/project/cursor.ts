/** A position in the text of a file. */
export interface Cursor {
  readonly text: string
  at: number
  /** Throws an error at a position. */
  fail(message: string, at: number): never
}

/** White space of Erlang, in Latin-1. */
export function isSpace(code: number): boolean {
  return code <= 0x20 || (code >= 0x80 && code <= 0xa0)
}

/** Letters of Latin-1, with which atoms and variables begin, and `_`. */
export function isNameStart(code: number): boolean {
  const ascii = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f
  return ascii || (code >= 0xc0 && code <= 0xff && code !== 0xd7 && code !== 0xf7)
}

/** What an atom without quotes consists of. */
export function isName(code: number): boolean {
  return isNameStart(code) || (code >= 0x30 && code <= 0x39) || code === 0x40
}

/** A code point that Erlang has as a character. */
export function isCharacter(code: number): boolean {
  const surrogate = code >= 0xd800 && code <= 0xdfff
  return code <= 0x10ffff && !surrogate && code !== 0xfffe && code !== 0xffff
}
