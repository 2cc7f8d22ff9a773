import { isObject, memoize, type ObjectSchema, partsOf, selectOption } from '@erlmcp/core'
import type { Entry } from './define.ts'
import type { Facts } from './facts.ts'
import { typesOnly } from './validate.ts'

/**
 * A node whose numbers and booleans are not text: `'3'` becomes 3, for the docker CLI. Text with a
 * variable stays, as the program that fills it in converts it.
 */
export function withPlainValues<Node extends object>(
  node: Node,
  { keys }: Pick<ObjectSchema<Facts>, 'keys'>,
): Node {
  let changed: Record<string, unknown> | undefined
  for (const key in node) {
    const entry = keys[key]
    const value: unknown = node[key]
    if (!entry || value === undefined || !hasFormat(entry)) continue
    const plain = plainValue(value, entry)
    if (plain !== value) changed = { ...(changed ?? node), [key]: plain }
  }
  return (changed ?? node) as Node
}

/** Whether an entry, or one in it, has a format: values of others stay as they are. */
const hasFormat: (entry: Entry) => boolean = memoize(
  (entry) => entry.format !== undefined || partsOf(entry).some(hasFormat),
)

function plainValue(value: unknown, entry: Entry): unknown {
  if (typeof value === 'string') {
    const format = entry.format ?? formatOfText(entry)
    if (!format?.toPlain || value.includes('$') || !format.accepts(value, true)) return value
    return format.toPlain(value)
  }
  if (entry.type === 'union') {
    const option = selectOption(entry, value, typesOnly)
    return option ? plainValue(value, option) : value
  }
  if (entry.type === 'object' && isObject(value)) return withPlainValues(value, entry)
  if (entry.type === 'list' && Array.isArray(value)) {
    return value.map((item) => plainValue(item, entry.items))
  }
  if (entry.type !== 'map' || !isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, plainValue(item, entry.values)]),
  )
}

function formatOfText(entry: Entry) {
  return entry.type === 'union' ? selectOption(entry, '', typesOnly)?.format : undefined
}
