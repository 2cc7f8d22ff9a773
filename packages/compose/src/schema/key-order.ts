import { fileKeys, service } from './author-schema.gen.ts'

type Node = Readonly<Record<string, unknown>>

/** The keys of a compose file in their printed order; the same node where they are. */
export const inFileOrder = orderBy(fileKeys)

/** The keys of a service in their printed order; the same node where they are. */
export const inServiceOrder = orderBy(Object.keys(service.keys))

/** The printed order is that of the table; extensions follow. */
function orderBy(keys: readonly string[]): (node: object) => Node {
  const rank = new Map(keys.map((key, index) => [key, index]))
  const place = (key: string) => rank.get(key) ?? rank.size
  // Services of one file have much the same keys: few sets are ever sorted.
  const known = new Map<string, readonly string[] | 'in order'>()
  return (node) => {
    const written = Object.keys(node)
    const set = written.join('\n')
    let sorted = known.get(set)
    if (sorted === undefined) {
      const ordered = [...written].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
      sorted = ordered.join('\n') === set ? 'in order' : ordered
      if (known.size < 1000) known.set(set, sorted)
    }
    return sorted === 'in order' ? (node as Node) : pick(node as Node, sorted)
  }
}

function pick(node: Node, keys: readonly string[]): Node {
  const out: Record<string, unknown> = {}
  for (const key of keys) out[key] = node[key]
  return out
}
