import type { Service } from '../document.ts'

// The document does not distinguish a tmpfs of the author from a default one.
const stateFolders = new WeakMap<object, string>()

/** Marks a tmpfs as the default for a state folder. */
export function markStateInMemory<Tmpfs extends object>(tmpfs: Tmpfs, state: string): Tmpfs {
  stateFolders.set(tmpfs, state)
  return tmpfs
}

/** The state folder of an image that is in memory by default. */
export function findStateInMemory({ tmpfs }: Service): string | undefined {
  return typeof tmpfs === 'object' && tmpfs !== null ? stateFolders.get(tmpfs) : undefined
}
