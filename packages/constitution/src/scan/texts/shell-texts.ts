import { type Document, isScalar, type Node, Scalar } from 'yaml'
import { align, type MappedText, slice } from './mapped-text.ts'

/** What a file hands to a shell. */
export interface ShellTexts {
  readonly texts: readonly MappedText[]
  /** Why the file cannot be parsed. */
  readonly unreadable?: string
  /** Makefiles that this one includes. */
  readonly includes?: readonly { readonly name: string; readonly offset: number }[]
}

/** Hides expressions that another tool replaces before the shell reads the text. */
export function withPlaceholders(mapped: MappedText, expression: RegExp): MappedText {
  const text = mapped.text.replace(expression, (found) => '_'.repeat(found.length))
  return { ...mapped, text, original: mapped.text }
}

/** The first syntax error. The rest of a broken file is scanned all the same. */
export function syntaxErrorOf({ errors }: Document): Pick<ShellTexts, 'unreadable'> {
  const [first] = errors
  return first ? { unreadable: first.message.split('\n')[0]!.replace(/:$/, '') } : {}
}

/** The text of a string scalar; undefined for other nodes. */
export function scalarText(source: MappedText, node: unknown): MappedText | undefined {
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return undefined
  const [from, to] = node.range
  return align(node.value, slice(source, contentStart(source.text, node, from), to))
}

function contentStart(source: string, node: Node, from: number): number {
  const { type } = node as Scalar
  if (type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED) {
    return source.indexOf('\n', from) + 1
  }
  return type === Scalar.QUOTE_SINGLE || type === Scalar.QUOTE_DOUBLE ? from + 1 : from
}
