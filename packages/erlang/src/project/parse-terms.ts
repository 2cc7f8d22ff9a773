import type { Location } from '@erlmcp/core'
import {
  type Float,
  float,
  fun,
  type ImproperList,
  improperList,
  map,
  type Term,
  tuple,
} from '../config/term.ts'
import { binaryOf, type Segment } from './binary-segments.ts'
import { type Scanner, scanTerms, type Token } from './scan-terms.ts'

/** A term of a file, and its position there. */
export interface TermNode extends Location {
  readonly term: Term
  /**
   * The elements of a list or tuple, with the tail of an improper one; or keys and values of a map by
   * turns; else empty.
   */
  readonly items: readonly TermNode[]
}

/** More nesting is an attack, or a loop of the program that wrote the file. */
const maxDepth = 1000

/**
 * The terms of a file such as rebar.config, as `file:consult/1` reads them: each ends with a dot.
 *
 * Strings become strings, integers numbers or bigints, everything else the terms of `erl`. Pids,
 * references, variables and expressions are rejected.
 *
 * @param text decoded; `decodeTerms` decodes bytes
 * @param file path in messages and locations
 * @throws UserError at the first place that is not a term, or nested more than 1000 times
 * @example
 * parseTerms('{deps, [cowboy]}.', 'rebar.config')[0]?.term // erl.tuple(erl.atom('deps'), [erl.atom('cowboy')])
 */
export function parseTerms(text: string, file: string): readonly TermNode[] {
  const parser = new Parser(scanTerms(text, file))
  const terms: TermNode[] = []
  while (!parser.ended) {
    terms.push(parser.term(0))
    parser.dot()
  }
  return terms
}

/**
 * The text of a file of terms: UTF-8, or Latin-1 where a comment of the first two lines says
 * `coding: latin-1`.
 */
export function decodeTerms(bytes: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1000))
  const comments = head.split('\n', 2).filter((line) => /^\s*%/.test(line))
  const isLatin = comments.some((line) => /coding\s*[:=]\s*(?:latin-1|iso-8859-1)/i.test(line))
  return isLatin
    ? Buffer.from(bytes).toString('latin1')
    : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

class Parser {
  private readonly scanner: Scanner
  private token: Token

  constructor(scanner: Scanner) {
    this.scanner = scanner
    this.token = scanner.next()
  }

  get ended(): boolean {
    return this.token.kind === 'end'
  }

  dot(): void {
    if (this.token.kind !== 'dot') this.reject('a dot and a line break')
    this.advance()
  }

  term(depth: number): TermNode {
    const { token } = this
    if (depth > maxDepth) this.scanner.fail('terms are nested more than 1000 times', token.start)
    const location = this.scanner.locate(token.start)
    if (token.kind === 'value') {
      this.advance()
      return nodeOf(location, token.term)
    }
    if (token.kind === 'string') return nodeOf(location, this.strings())
    if (token.kind === 'word' && token.text === 'fun') return nodeOf(location, this.fun())
    return this.compound(location, depth)
  }

  private compound(location: Location, depth: number): TermNode {
    if (this.skip('{')) {
      const items = this.items('}', depth)
      return nodeOf(location, tuple(...items.map(termOf)), items)
    }
    if (this.skip('[')) return this.list(location, depth)
    if (this.skip('#')) return this.map(location, depth)
    if (this.skip('<<')) return nodeOf(location, this.binary(depth))
    if (this.skip('(')) {
      const { term, items } = this.term(depth + 1)
      this.expect(')')
      return nodeOf(location, term, items)
    }
    if (this.skip('-')) return nodeOf(location, negate(this.number()))
    if (this.skip('+')) return nodeOf(location, this.number())
    return this.reject('a term')
  }

  private items(closer: string, depth: number): TermNode[] {
    const items: TermNode[] = []
    if (this.skip(closer)) return items
    do items.push(this.term(depth + 1))
    while (this.skip(','))
    this.expect(closer, ',')
    return items
  }

  private list(location: Location, depth: number): TermNode {
    const items: TermNode[] = []
    if (this.skip(']')) return nodeOf(location, [])
    do items.push(this.term(depth + 1))
    while (this.skip(','))
    if (!this.skip('|')) {
      this.expect(']', ',')
      return nodeOf(location, Object.freeze(items.map(termOf)), items)
    }
    const tail = this.term(depth + 1)
    this.expect(']')
    return listWithTail(location, items, tail)
  }

  private map(location: Location, depth: number): TermNode {
    this.expect('{')
    const items: TermNode[] = []
    const pairs: [Term, Term][] = []
    if (!this.skip('}')) {
      do {
        const key = this.term(depth + 1)
        this.expect('=>')
        const value = this.term(depth + 1)
        pairs.push([key.term, value.term])
        items.push(key, value)
      } while (this.skip(','))
      this.expect('}', ',')
    }
    return nodeOf(location, map(pairs), items)
  }

  private strings(): string {
    const parts: string[] = []
    while (this.token.kind === 'string') {
      parts.push(this.token.text)
      this.advance()
    }
    return parts.join('')
  }

  /** `fun module:name/arity`, the only fun that is a term. */
  private fun(): Term {
    this.advance()
    const module = this.atomName()
    this.expect(':')
    const name = this.atomName()
    this.expect('/')
    const { start } = this.token
    const arity = this.number()
    if (typeof arity === 'number' && arity >= 0 && arity <= 255) return fun(module, name, arity)
    return this.scanner.fail('arity of a fun: expected 0 to 255', start)
  }

  private binary(depth: number): Term {
    const segments: Segment[] = []
    const { start } = this.token
    if (!this.skip('>>')) {
      do segments.push(this.segment(depth))
      while (this.skip(','))
      this.expect('>>', ',')
    }
    return binaryOf(segments, (message) => this.scanner.fail(message, start))
  }

  private segment(depth: number): Segment {
    const { term } = this.term(depth + 1)
    const size = this.skip(':') ? this.number() : undefined
    const types: string[] = []
    if (this.skip('/')) {
      do types.push(this.skipUnit(this.atomName()))
      while (this.skip('-'))
    }
    return { term, size, types }
  }

  private skipUnit(type: string): string {
    return type === 'unit' && this.skip(':') ? `unit:${this.number()}` : type
  }

  private atomName(): string {
    const { token } = this
    const { term } = token.kind === 'value' ? token : {}
    if (typeof term !== 'object' || !('term' in term) || term.term !== 'atom') {
      return this.reject('an atom')
    }
    this.advance()
    return term.name
  }

  private number(): number | bigint | Float {
    const { token } = this
    const { term } = token.kind === 'value' ? token : {}
    const isFloat = typeof term === 'object' && 'term' in term && term.term === 'float'
    if (typeof term !== 'number' && typeof term !== 'bigint' && !isFloat) {
      return this.reject('a number')
    }
    this.advance()
    return term
  }

  private skip(mark: string): boolean {
    if (this.token.kind !== 'mark' || this.token.text !== mark) return false
    this.advance()
    return true
  }

  private expect(mark: string, other?: string): void {
    if (!this.skip(mark)) this.reject(other === undefined ? mark : `${other} or ${mark}`)
  }

  private advance(): void {
    this.token = this.scanner.next()
  }

  private reject(expected: string): never {
    return this.scanner.fail(`expected ${expected}, got ${described(this.token)}`, this.token.start)
  }
}

function nodeOf(
  { file, line, column }: Location,
  term: Term,
  items: readonly TermNode[] = none,
): TermNode {
  return { term, items, file, line, column }
}

const none: readonly TermNode[] = Object.freeze([])

function termOf(node: TermNode): Term {
  return node.term
}

/** `[a|[b]]` is `[a,b]`, and `[a|"b"]` is `[a,98]`. */
function listWithTail(location: Location, items: TermNode[], tail: TermNode): TermNode {
  const terms = items.map(termOf)
  if (Array.isArray(tail.term)) {
    return nodeOf(location, [...terms, ...tail.term], [...items, ...tail.items])
  }
  if (typeof tail.term === 'string') {
    const codes = [...tail.term].map((char) => nodeOf(tail, char.codePointAt(0)!))
    return nodeOf(location, [...terms, ...codes.map(termOf)], [...items, ...codes])
  }
  const all = [...items, ...(isImproper(tail.term) ? tail.items : [tail])]
  const end = isImproper(tail.term) ? tail.term.tail : tail.term
  return nodeOf(location, improperList(all.slice(0, -1).map(termOf), end), all)
}

function isImproper(term: Term): term is ImproperList {
  return typeof term === 'object' && 'term' in term && term.term === 'improper list'
}

function negate(value: number | bigint | Float): Term {
  if (typeof value === 'object') return float(-value.value)
  // Erlang has no negative zero among its integers.
  return value === 0 ? 0 : -value
}

function described(token: Token): string {
  if (token.kind === 'end') return 'the end of the file'
  if (token.kind === 'dot') return 'a dot'
  if (token.kind === 'string') return 'a string'
  return 'text' in token ? token.text : 'a term'
}
