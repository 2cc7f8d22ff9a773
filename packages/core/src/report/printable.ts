/**
 * Text that a terminal, log or page shows as it is: control and format characters, line separators,
 * unpaired surrogates and unassigned characters become escapes. Line feeds and tabs stay.
 *
 * @example
 * printable('a\x1b[31m') // 'a\\x1b[31m'
 */
export function printable(text: string): string {
  return text.replace(unprintable, (char) => {
    const code = char.codePointAt(0)!.toString(16)
    return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, '0')}`
  })
}

const unprintable = /[^\P{C}\n\t]|[\u2028\u2029\ufffe\uffff]/gu

/** {@link printable}, with line feeds and tabs as spaces. */
export function printableLine(text: string): string {
  return printable(text.replace(/\r\n/g, '\n')).replace(/[\n\t]+/g, ' ')
}
