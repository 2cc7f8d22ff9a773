/** One token of an expression, and where it begins. */
export interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign' | 'end'
  readonly lexeme: string
  readonly at: number
}

/** An invalid expression. */
export class ExpressionError extends Error {
  /** Characters before it. */
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

// Longer signs first. A name may contain dashes: `a-b` is one name, without a minus.
const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['text', /'(?:[^']|'')*'/y],
  ['sign', /&&|\|\||==|!=|<=|>=|[()[\],<>!*]/y],
  ['name', /[A-Za-z_][A-Za-z0-9_-]*/y],
  ['number', /[+-]?(?:0x[0-9A-Fa-f]+|0o[0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|Infinity)/y],
  ['sign', /\./y],
]

const space = /\s*/y

/**
 * The tokens of an expression, without its braces (Evaluate expressions, "Literals" and
 * "Operators").
 *
 * @throws ExpressionError for an unexpected character
 */
export function tokens(text: string): Token[] {
  const found: Token[] = []
  let at = 0
  for (;;) {
    at = matchAt(space, text, at)!.length + at
    if (at >= text.length) break
    const token = tokenAt(text, at, found.at(-1))
    found.push(token)
    at += token.lexeme.length
  }
  found.push({ kind: 'end', lexeme: '', at: text.length })
  return found
}

// After these a point begins a property; elsewhere it begins a number such as .5.
const beforeProperty = /^(?:[\])*]|[A-Za-z_].*)$/

function tokenAt(text: string, at: number, last: Token | undefined): Token {
  if (text[at] === '.' && last && beforeProperty.test(last.lexeme)) {
    return { kind: 'sign', lexeme: '.', at }
  }
  for (const [kind, pattern] of patterns) {
    const lexeme = matchAt(pattern, text, at)
    if (lexeme !== undefined) return { kind, lexeme, at }
  }
  const rest = text.slice(at, at + 20)
  if (text[at] === "'") throw new ExpressionError(`unterminated text ${rest}`, at)
  if (text[at] === '"') {
    throw new ExpressionError('expected single quotes, got double quotes', at)
  }
  throw new ExpressionError(`unexpected ${JSON.stringify(rest)}`, at)
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
