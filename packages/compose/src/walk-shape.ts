import type { Path } from '@erlmcp/core'
import type { ComposeFile } from './document.ts'
import { isObject, type Shape, type Shapes } from './shape.ts'
import { shapesOf } from './shapes.ts'

/** A value below a node, with the shape that it has there. */
export interface Shaped {
  readonly path: Path
  readonly value: unknown
  readonly shape: Shape
}

/** Which facts of a shape a rule reads. Shapes without any below them are passed over. */
export type Fact = 'form' | 'unique' | 'requires'

/** Every value of a file whose shape has a fact. */
export function* shapedValues(file: ComposeFile, fact: Fact): Iterable<Shaped> {
  for (const [section, shapes] of shapesOf) {
    const nodes = (file as Readonly<Record<string, unknown>>)[section]
    if (!isObject(nodes)) continue
    for (const name in nodes) {
      if (isObject(nodes[name])) yield* below(nodes[name], shapes, fact, [section, name])
    }
  }
}

function* below(
  node: Readonly<Record<string, unknown>>,
  { known }: Pick<Shapes, 'known'>,
  fact: Fact,
  path: Path,
): Iterable<Shaped> {
  for (const key in node) {
    const shape = known.get(key)
    if (shape && node[key] !== undefined && has(shape, fact)) {
      yield* at(node[key], shape, fact, [...path, key])
    }
  }
}

function* at(value: unknown, shape: Shape, fact: Fact, path: Path): Iterable<Shaped> {
  if (shape[fact] !== undefined) yield { path, value, shape }
  if (shape.either) {
    const one = alternative(shape.either, value)
    if (one && has(one, fact)) yield* at(value, one, fact, path)
  } else if (shape.keys && isObject(value)) {
    yield* below(value, { known: shape.keys }, fact, path)
  } else if (shape.items && has(shape.items, fact)) {
    const items: Iterable<readonly [string | number, unknown]> = Array.isArray(value)
      ? value.entries()
      : isObject(value)
        ? Object.entries(value)
        : []
    for (const [key, item] of items) yield* at(item, shape.items, fact, [...path, key])
  }
}

/**
 * A node whose numbers and switches are no text any more: `'3'` is 3. Text with a variable stays, as
 * the program that fills it in makes a number of it.
 */
export function withoutNumbersInText<Node extends object>(
  node: Node,
  { known }: Pick<Shapes, 'known'>,
): Node {
  let made: Record<string, unknown> | undefined
  for (const key in node) {
    const shape = known.get(key)
    const value: unknown = node[key]
    if (!shape || value === undefined || !has(shape, 'form')) continue
    const plain = plainValue(value, shape)
    if (plain !== value) made = { ...(made ?? node), [key]: plain }
  }
  return (made ?? node) as Node
}

function plainValue(value: unknown, shape: Shape): unknown {
  const { form, keys, items, either } = shape
  if (typeof value === 'string') {
    const text = form ?? either?.find(({ is }) => is(''))?.form
    if (!text?.plain || value.includes('$') || !text.reads(value, true)) return value
    return text.plain(value)
  }
  if (either) {
    const one = alternative(either, value)
    return one ? plainValue(value, one) : value
  }
  if (keys && isObject(value)) return withoutNumbersInText(value, { known: keys })
  if (!items) return value
  if (Array.isArray(value)) return value.map((item) => plainValue(item, items))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, plainValue(item, items)]),
  )
}

/** The shape that a value has, or would have if it were right inside. */
function alternative(either: readonly Shape[], value: unknown): Shape | undefined {
  const fitting = either.find(({ is }) => is(value))
  if (fitting || typeof value !== 'object') return fitting
  return either.find(({ items, keys }) => (Array.isArray(value) ? items?.is && !keys : keys))
}

const known = new Map<Fact, Map<Shape, boolean>>()

/** Whether a shape, or one below it, has a fact. */
function has(shape: Shape, fact: Fact): boolean {
  const shapes = known.get(fact) ?? new Map<Shape, boolean>()
  known.set(fact, shapes)
  let answer = shapes.get(shape)
  if (answer === undefined) {
    const parts = [...(shape.keys?.values() ?? []), ...(shape.either ?? [])]
    if (shape.items) parts.push(shape.items)
    answer = shape[fact] !== undefined || parts.some((part) => has(part, fact))
    shapes.set(shape, answer)
  }
  return answer
}
