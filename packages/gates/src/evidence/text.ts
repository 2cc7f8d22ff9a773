import type { EvidenceFile } from '../reading.ts'

/** Characters of a line that are looked at; the rest of a longer one is dropped. */
const longestLine = 16_384

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is removed
const colour = /\x1b\[[0-9;:?]*[ -/]*[@-~]/g

/** The lines of a text, without colours. No more than one line is held. */
export async function* linesOf(file: EvidenceFile): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  const clean = (line: string) => line.replace(/\r$/, '').replace(colour, '')
  for await (const chunk of file.chunks()) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n')
    pieces[0] = (rest + pieces[0]).slice(0, longestLine)
    rest = pieces.pop()!.slice(0, longestLine)
    for (const line of pieces) yield clean(line.slice(0, longestLine))
  }
  rest += decoder.decode()
  if (rest !== '') yield clean(rest)
}

/** As one line of at most so many characters. */
export function oneLine(text: string, length = 300): string {
  return clip(
    text
      .slice(0, length * 8)
      .replace(/\s+/g, ' ')
      .trim(),
    length,
  )
}

/** At most so many characters, and a sign that there were more. */
export function clip(text: string, length = 8_000): string {
  if (text.length <= length) return text
  // Not between the two halves of a character.
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** `1 test`, `2 tests`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
