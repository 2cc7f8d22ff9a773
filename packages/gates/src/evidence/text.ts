import type { EvidenceFile } from './report.ts'

/** Characters kept of a line. */
const maxLine = 16_384

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is removed
const colour = /\x1b\[[0-9;:?]*[ -/]*[@-~]/g

/** The lines of a file, without colours. It holds one chunk at a time. */
export async function* linesOf(file: EvidenceFile): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  const clean = (line: string) => line.replace(/\r$/, '').replace(colour, '')
  for await (const chunk of file.chunks()) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n')
    pieces[0] = (rest + pieces[0]).slice(0, maxLine)
    rest = pieces.pop()!.slice(0, maxLine)
    for (const line of pieces) yield clean(line.slice(0, maxLine))
  }
  rest += decoder.decode()
  if (rest !== '') yield clean(rest)
}

/** The last lines of a file, joined. */
export async function lastLinesOf(file: EvidenceFile, count = 60): Promise<string> {
  let lines: string[] = []
  for await (const line of linesOf(file)) {
    lines.push(line)
    if (lines.length > count * 20) lines = lines.slice(-count)
  }
  return lines.slice(-count).join('\n')
}

/** The text in one line, cut to a length in characters. */
export function oneLine(text: string, length = 300): string {
  return clip(
    text
      .slice(0, length * 8)
      .replace(/\s+/g, ' ')
      .trim(),
    length,
  )
}

/** The text, cut to a length in characters; `…` marks a cut. */
export function clip(text: string, length = 8_000): string {
  if (text.length <= length) return text
  // Not between two surrogates.
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** `1 test`, `2 tests`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A share in per cent, rounded down: 7,999 of 10,000 is 79.9 %. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${Math.floor((part * 1000) / whole) / 10} %`
}
