/**
 * Text that a terminal only shows. A file name or a foreign file's content may hold control
 * sequences that would move the cursor, or worse.
 */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}
