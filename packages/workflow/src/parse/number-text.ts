import type { Path } from '@erlmcp/core'

// Numbers whose text says more than their value, such as 3.10: by the data of a file that was read.
const texts = new WeakMap<object, ReadonlyMap<string, string>>()

const keyOf = (path: Path) => JSON.stringify(path.map(String))

/** Keeps the texts of a file's numbers that lose something as numbers. */
export function rememberNumbers(data: object, found: readonly (readonly [Path, string])[]): void {
  texts.set(data, new Map(found.map(([path, text]) => [keyOf(path), text])))
}

/** The text of a number in a file that was read, where it is not the number's own. */
export function numberTextOf(data: object, path: Path): string | undefined {
  return texts.get(data)?.get(keyOf(path))
}
