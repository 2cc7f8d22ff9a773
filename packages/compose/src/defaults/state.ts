import type { Service } from '../document.ts'

// Nothing in the file tells a tmpfs that its author chose from one that is there by default.
const stateInMemory = new WeakMap<object, string>()

/** Marks a tmpfs as the default for a folder of state. */
export function undecided<Tmpfs extends object>(tmpfs: Tmpfs, state: string): Tmpfs {
  stateInMemory.set(tmpfs, state)
  return tmpfs
}

/** The folder of an image's state that is in memory because its author did not decide. */
export function undecidedState({ tmpfs }: Service): string | undefined {
  return typeof tmpfs === 'object' && tmpfs !== null ? stateInMemory.get(tmpfs) : undefined
}
