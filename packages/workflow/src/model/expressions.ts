import type { Path } from '@erlmcp/core'
import { type Node, parseExpression } from '../expression/parse.ts'
import { scan } from '../expression/scan.ts'
import { ExpressionError } from '../expression/tokenize.ts'
import type { ActionFile, WorkflowFile } from '../schema/document.gen.ts'

/** An expression of a file, and where it is. */
export interface ExpressionPlace {
  /** The text that contains it. */
  readonly path: Path
  readonly code: string
  /** Whether it is the whole text. */
  readonly isWhole?: boolean
  /** Undefined where it is invalid. */
  readonly node?: Node
  readonly error?: string
}

const known = new WeakMap<object, readonly ExpressionPlace[]>()

/** Every expression of a file: in braces, and in conditions, which need no braces. */
export function expressionsOf(file: WorkflowFile | ActionFile): readonly ExpressionPlace[] {
  const found = known.get(file) ?? [...walk(file, [])]
  known.set(file, found)
  return found
}

function* walk(value: unknown, path: Path): Iterable<ExpressionPlace> {
  if (typeof value === 'string') yield* spotsIn(value, path)
  if (typeof value !== 'object' || value === null) return
  const list = Array.isArray(value)
  for (const [key, item] of Object.entries(value)) yield* walk(item, [...path, list ? +key : key])
}

function* spotsIn(text: string, path: Path): Iterable<ExpressionPlace> {
  const pieces = scan(text).filter(({ kind }) => kind !== 'text')
  if (pieces.length === 0 && isCondition(path)) yield spot(text, path)
  for (const piece of pieces) {
    const isWhole = piece.text.length === text.length - '${{}}'.length
    if (piece.kind === 'expression') yield { ...spot(piece.text, path), isWhole }
    else yield { path, code: piece.text, error: 'missing }} at its end' }
  }
}

/** Whether the text at a path is an expression without braces. */
export function isCondition(path: Path): boolean {
  if (path.at(-1) !== 'if') return false
  if (path[0] === 'runs') return path[1] === 'steps'
  if (path[0] !== 'jobs') return false
  return path.length === 3 || path[2] === 'snapshot' || path[2] === 'steps'
}

function spot(code: string, path: Path): ExpressionPlace {
  try {
    return { path, code: code.trim(), node: parseExpression(code) }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return { path, code: code.trim(), error: error.message }
  }
}

/** A node and all nodes in it. */
export function* nodesIn(node: Node): Iterable<Node> {
  yield node
  if (node.kind === 'call') for (const one of node.args) yield* nodesIn(one)
  if ('of' in node) yield* nodesIn(node.of)
  if (node.kind === 'index') yield* nodesIn(node.index)
  if (node.kind === 'binary') {
    yield* nodesIn(node.left)
    yield* nodesIn(node.right)
  }
}

/**
 * The names from a context on, in lower case; `*` for any name. Undefined for other expressions.
 *
 * @example
 * pathOf(parseExpression("github.event['pull_request'].labels.*.name"))
 * // ['github', 'event', 'pull_request', 'labels', '*', 'name']
 */
export function pathOf(node: Node): readonly string[] | undefined {
  if (node.kind === 'context') return [node.name.toLowerCase()]
  if (node.kind !== 'property' && node.kind !== 'index' && node.kind !== 'all') return undefined
  const before = pathOf(node.of)
  if (!before) return undefined
  if (node.kind === 'property') return [...before, node.name.toLowerCase()]
  const text = node.kind === 'index' && node.index.kind === 'literal' ? node.index.value : '*'
  return [...before, typeof text === 'string' ? text.toLowerCase() : '*']
}

/** The longest paths of an expression: `github.event.action`, not its `github.event`. */
export function pathsIn(node: Node): readonly (readonly string[])[] {
  const path = pathOf(node)
  if (path) {
    const index = [...nodesIn(node)].flatMap((one) => (one.kind === 'index' ? [one.index] : []))
    return [path, ...index.flatMap(pathsIn)]
  }
  if (node.kind === 'call') return node.args.flatMap(pathsIn)
  if (node.kind === 'not' || node.kind === 'property' || node.kind === 'all')
    return pathsIn(node.of)
  if (node.kind === 'index') return [...pathsIn(node.of), ...pathsIn(node.index)]
  if (node.kind === 'binary') return [...pathsIn(node.left), ...pathsIn(node.right)]
  return []
}
