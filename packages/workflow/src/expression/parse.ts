import { ExpressionError, type Token, tokens } from './tokenize.ts'

/** An expression as a tree. `at` is where it begins, in characters. */
export type Node =
  | {
      readonly kind: 'literal'
      readonly value: string | number | boolean | null
      readonly at: number
    }
  | { readonly kind: 'context'; readonly name: string; readonly at: number }
  | { readonly kind: 'property'; readonly of: Node; readonly name: string; readonly at: number }
  | { readonly kind: 'index'; readonly of: Node; readonly index: Node; readonly at: number }
  | { readonly kind: 'all'; readonly of: Node; readonly at: number }
  | {
      readonly kind: 'call'
      readonly name: string
      readonly args: readonly Node[]
      readonly at: number
    }
  | { readonly kind: 'not'; readonly of: Node; readonly at: number }
  | {
      readonly kind: 'binary'
      readonly sign: string
      readonly left: Node
      readonly right: Node
      readonly at: number
    }

const precedence: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
}

const words = new Map<string, number | boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
])

/** GitHub's own limit (`@actions/expressions`). */
const longest = 21_000
const deepest = 50

/**
 * An expression, without its braces, as a tree.
 *
 * @throws ExpressionError
 * @example
 * parseExpression("github.ref == 'refs/heads/main'")
 */
export function parseExpression(text: string): Node {
  if (text.length > longest) throw new ExpressionError('longer than 21,000 characters', 0)
  const reader = new Reader(tokens(text))
  if (reader.peek().kind === 'end') throw new ExpressionError('empty', 0)
  const node = reader.binary(0, 0)
  const { kind, lexeme, at } = reader.peek()
  if (kind !== 'end') throw new ExpressionError(`unexpected ${lexeme}`, at)
  return node
}

class Reader {
  readonly #tokens: readonly Token[]
  #index = 0

  constructor(list: readonly Token[]) {
    this.#tokens = list
  }

  peek(): Token {
    return this.#tokens[this.#index]!
  }

  #take(lexeme?: string): Token {
    const token = this.peek()
    if (lexeme !== undefined && token.lexeme !== lexeme) {
      const found = token.kind === 'end' ? 'the end' : token.lexeme
      throw new ExpressionError(`expected ${lexeme}, got ${found}`, token.at)
    }
    this.#index++
    return token
  }

  binary(least: number, depth: number): Node {
    if (depth > deepest) throw new ExpressionError('nested more than 50 deep', this.peek().at)
    let left = this.#unary(depth)
    for (;;) {
      const rank = this.peek().kind === 'sign' ? precedence[this.peek().lexeme] : undefined
      if (rank === undefined || rank <= least) return left
      const { lexeme, at } = this.#take()
      left = { kind: 'binary', sign: lexeme, left, right: this.binary(rank, depth + 1), at }
    }
  }

  #unary(depth: number): Node {
    const { lexeme, at } = this.peek()
    if (lexeme !== '!' || depth > deepest) return this.#postfix(depth)
    this.#take()
    return { kind: 'not', of: this.#unary(depth + 1), at }
  }

  #postfix(depth: number): Node {
    let node = this.#primary(depth)
    for (;;) {
      const { lexeme, at } = this.peek()
      if (lexeme === '.') {
        this.#take()
        const name = this.#take()
        if (name.lexeme === '*') node = { kind: 'all', of: node, at }
        else if (name.kind === 'name') node = { kind: 'property', of: node, name: name.lexeme, at }
        else throw new ExpressionError('expected a name after the point', name.at)
      } else if (lexeme === '[') {
        this.#take()
        if (this.peek().lexeme === '*' && this.#take()) node = { kind: 'all', of: node, at }
        else node = { kind: 'index', of: node, index: this.binary(0, depth + 1), at }
        this.#take(']')
      } else return node
    }
  }

  #primary(depth: number): Node {
    const { kind, lexeme, at } = this.#take()
    if (kind === 'text') return { kind: 'literal', value: unquoted(lexeme), at }
    if (kind === 'number') return { kind: 'literal', value: Number(lexeme), at }
    if (kind === 'name') return this.#named(lexeme, at, depth)
    if (lexeme === '(') {
      const inner = this.binary(0, depth + 1)
      this.#take(')')
      return inner
    }
    const found = kind === 'end' ? 'the end' : lexeme
    throw new ExpressionError(`expected a value, got ${found}`, at)
  }

  #named(name: string, at: number, depth: number): Node {
    if (this.peek().lexeme !== '(') {
      const value = words.get(name)
      return value === undefined ? { kind: 'context', name, at } : { kind: 'literal', value, at }
    }
    this.#take()
    const args: Node[] = []
    while (this.peek().lexeme !== ')') {
      if (args.length > 0) this.#take(',')
      args.push(this.binary(0, depth + 1))
    }
    this.#take(')')
    return { kind: 'call', name, args, at }
  }
}

function unquoted(lexeme: string): string {
  return lexeme.slice(1, -1).replaceAll("''", "'")
}
