/** A text from a file. Each character knows its offset there. */
export interface MappedText {
  readonly text: string
  /** One for each character, and one for the end. */
  readonly offsets: readonly number[]
  /** What the file has where `text` has placeholders; of the same length. */
  readonly original?: string
}

/** The text of a whole file. */
export function wholeText(source: string): MappedText {
  return { text: source, offsets: Array.from({ length: source.length + 1 }, (_, index) => index) }
}

/** A part of a text. */
export function slice(mapped: MappedText, from: number, to: number): MappedText {
  return {
    text: mapped.text.slice(from, to),
    offsets: mapped.offsets.slice(from, to + 1),
    ...(mapped.original !== undefined && { original: mapped.original.slice(from, to) }),
  }
}

export function join(parts: readonly MappedText[]): MappedText {
  const last = parts.at(-1)?.offsets.at(-1) ?? 0
  return {
    text: parts.map(({ text }) => text).join(''),
    offsets: [...parts.flatMap(({ text, offsets }) => offsets.slice(0, text.length)), last],
    original: parts.map(({ text, original = text }) => original).join(''),
  }
}

/** A text that replaces what is at one offset, such as the value of a variable. */
export function textAt(text: string, offset: number, original = text): MappedText {
  return { text, offsets: Array.from({ length: text.length + 1 }, () => offset), original }
}

// The longest escape sequence of YAML, JSON and sh.
const longestEscape = 12

/**
 * The value of a scalar, each character mapped to its source in `written`. Indentation, folded lines
 * and escapes are skipped.
 */
export function align(value: string, written: MappedText): MappedText {
  const { text } = written
  const offsets: number[] = []
  let at = 0
  for (const char of value) {
    if (/\s/.test(char)) {
      for (const _ of char) offsets.push(written.offsets[Math.min(at, text.length)]!)
      if (text[at] === char || /\s/.test(text[at] ?? '')) at++
      continue
    }
    while (/\s/.test(text[at] ?? '')) at++
    const found = text.indexOf(char, at)
    const next = found >= 0 && found - at < longestEscape ? found : at
    for (let unit = 0; unit < char.length; unit++) {
      offsets.push(written.offsets[Math.min(next + unit, text.length)]!)
    }
    at = Math.min(next + char.length, text.length)
  }
  offsets.push(written.offsets[Math.min(at, text.length)]!)
  return { text: value, offsets }
}

/** Finds the line and column of an offset, both from 1. */
export function positionFinder(
  source: string,
): (offset: number) => { line: number; column: number } {
  const starts = [0]
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1))
    starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - starts[low]! + 1 }
  }
}
