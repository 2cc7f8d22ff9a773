/**
 * Text as it may be shown: what would move a cursor, turn the direction of writing, hide, or be no
 * character at all is written out. Line ends and tabs stay.
 *
 * @example
 * visible('a\x1b[31m') // 'a\\u{1b}[31m'
 */
export function visible(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(hidden, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`)
}

// Control and format characters, line separators, halves of characters, and what is none.
const hidden = /[^\P{C}\n\t]|[\u2028\u2029\ufffe\uffff]/gu

/** The same, in one line. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\n\t]+/g, ' ')
}
