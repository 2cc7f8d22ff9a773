import type { TermNode } from './parse-terms.ts'

/** The name of an atom. */
export function atomOf(node: TermNode | undefined): string | undefined {
  const term = node?.term
  return typeof term === 'object' && 'term' in term && term.term === 'atom' ? term.name : undefined
}

/** The text of a string, a binary in UTF-8 or a list of characters; undefined for other terms. */
export function textOf(node: TermNode | undefined): string | undefined {
  const term = node?.term
  if (typeof term === 'string') return term
  if (typeof term !== 'object' || !('term' in term) || term.term !== 'binary') return undefined
  return new TextDecoder().decode(term.bytes)
}

/** The text of an atom, a string or a binary: names are written in all three ways. */
export function nameOf(node: TermNode | undefined): string | undefined {
  return atomOf(node) ?? textOf(node)
}

export function isTuple(node: TermNode | undefined): node is TermNode {
  const term = node?.term
  return typeof term === 'object' && 'term' in term && term.term === 'tuple'
}

/** The elements of a list; empty for another term. */
export function elementsOf(node: TermNode | undefined): readonly TermNode[] {
  return Array.isArray(node?.term) ? node.items : []
}

/** The first element of a tuple, by which a property list finds it. */
export function keyOf(node: TermNode): string | undefined {
  return isTuple(node) ? atomOf(node.items[0]) : atomOf(node)
}

/** The values of `{key, Value}` in a list, in its order. */
export function findValues(list: readonly TermNode[], key: string): readonly TermNode[] {
  return list.flatMap((node) =>
    isTuple(node) && node.items.length === 2 && keyOf(node) === key ? [node.items[1]!] : [],
  )
}

/** The value of the first `{key, Value}` in a list, as `proplists:get_value/2` finds it. */
export function findValue(list: readonly TermNode[], key: string): TermNode | undefined {
  return findValues(list, key)[0]
}

/** The names in a list of atoms or texts. */
export function namesIn(node: TermNode | undefined): readonly string[] {
  return elementsOf(node).flatMap((element) => nameOf(element) ?? [])
}

/** The location of a node, without its term. */
export function placeOf({ file, line, column }: TermNode) {
  return { file, line, column }
}
