import type { Path } from '@erlmcp/core'

/** An interpolated variable of a file. */
export interface Interpolated {
  readonly name: string
  readonly path: Path
}

// `$$` is a dollar; what follows a single one is a name, with or without braces.
const pattern = /\$(?:\$|\{?([A-Za-z_][A-Za-z0-9_]*))/g

/** Every interpolated variable of a document, in document order. */
export function* interpolated(node: unknown, path: Path = []): Iterable<Interpolated> {
  if (typeof node === 'string') {
    if (!node.includes('$')) return
    for (const [, name] of node.matchAll(pattern)) if (name !== undefined) yield { name, path }
  } else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      yield* interpolated(value, [...path, Array.isArray(node) ? Number(key) : key])
    }
  }
}
