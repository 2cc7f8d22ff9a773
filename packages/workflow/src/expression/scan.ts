/** A piece of text: plain, or the inside of a `${{ … }}`. */
export interface Piece {
  readonly kind: 'text' | 'expression'
  readonly text: string
  /** Characters before it in the whole. */
  readonly at: number
}

/** An expression without an end, which GitHub rejects. */
export interface Unclosed {
  readonly kind: 'unclosed'
  readonly text: string
  readonly at: number
}

/**
 * Text split at its expressions, as GitHub reads it: a quoted `}}` in an expression is text.
 *
 * @example
 * scan('a ${{ b }} c') // 'a ', ' b ', ' c'
 */
export function scan(text: string): (Piece | Unclosed)[] {
  const pieces: (Piece | Unclosed)[] = []
  let at = 0
  for (;;) {
    const open = text.indexOf('${{', at)
    const end = open < 0 ? text.length : open
    if (end > at) pieces.push({ kind: 'text', text: text.slice(at, end), at })
    if (open < 0) return pieces
    const close = endOfExpression(text, open + 3)
    if (close === undefined) {
      pieces.push({ kind: 'unclosed', text: text.slice(open + 3), at: open })
      return pieces
    }
    pieces.push({ kind: 'expression', text: text.slice(open + 3, close), at: open + 3 })
    at = close + 2
  }
}

function endOfExpression(text: string, from: number): number | undefined {
  const end = /'[^']*'|\}\}/g
  end.lastIndex = from
  for (let match = end.exec(text); match; match = end.exec(text)) {
    if (match[0] === '}}') return match.index
  }
  return undefined
}
