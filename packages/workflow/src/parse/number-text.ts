import type { Path } from '@erlmcp/core'

// Numbers whose text is more than their value, such as 3.10, by the data of a parsed file.
const texts = new WeakMap<object, ReadonlyMap<string, string>>()

const keyOf = (path: Path) => JSON.stringify(path.map(String))

/** Keeps the texts of numbers that lose digits. */
export function rememberNumbers(data: object, found: readonly (readonly [Path, string])[]): void {
  texts.set(data, new Map(found.map(([path, text]) => [keyOf(path), text])))
}

/** The text of a number in a parsed file, where it differs from the number. */
export function numberTextOf(data: object, path: Path): string | undefined {
  return texts.get(data)?.get(keyOf(path))
}
