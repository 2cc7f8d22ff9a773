import { locateKey } from './locate.ts'
import { type Location, locationOf, ORIGIN, type Origin, type Originated } from './origin.ts'
import type { Rule } from './rule.ts'
import type { StateItem } from './write/state.ts'

/** Keys and indexes from the root of a document to one of its nodes. */
export type Path = readonly (string | number)[]

/**
 * A language that documents are written in: how to print one, and the rules that judge it.
 *
 * @example
 * const text: Format<string> = { name: 'text', rules: [], print: (data) => data }
 */
export interface Format<Data = unknown> {
  /** The first half of the ids of its rules, such as `compose`. */
  readonly name: string
  readonly rules: readonly Rule<Data>[]
  /**
   * What a document is about, such as the keys it has: rules that are about none of these words are
   * not asked. Without it every rule is.
   */
  words?(document: Document<Data>): ReadonlySet<string>
  /**
   * The text of a file. Pure and byte-stable. `header` has the lines that say what made the file,
   * without a comment mark; a format that has no comments leaves them out.
   */
  print(data: Data, header: readonly string[]): string
  /**
   * What a machine keeps of what this file describes, as volumes and containers, so that a changed
   * name is not lost in silence. Default: nothing.
   */
  state?(document: Document<Data>, stack: string): Iterable<StateItem>
  /**
   * Holds data that did not come from values of the format, such as after an override, against its
   * language.
   *
   * @throws UserError for a key or a value that the language does not have
   */
  validate?(data: Data): void
  /** Joins two documents of one path, such as `.env.example`. Without it they must be equal. */
  merge?(first: Data, second: Data): Data
}

/** The plain typed data of one file, in that format's own words. */
export interface Document<Data = unknown> {
  /** Relative to the project, with `/`. */
  readonly path: string
  readonly format: Format<Data>
  readonly data: Data
  /** Permission bits of the file. Default 0o644; a script says 0o755. */
  readonly mode?: number
  /** For documents that were parsed: the place of a node. Made ones ask the data's origins. */
  readonly locate?: (path: Path) => Location | undefined
}

/**
 * The place of a node: from the deepest node on its path that remembers its origin, and within
 * the call that made that, the key itself.
 */
export function locate(document: Document, path: Path): Location | undefined {
  if (document.locate) return document.locate(path)
  const { origin, rest } = originAt(document, path)
  const call = locationOf(origin)
  return call && locateKey(call, rest)
}

/** The origin of the deepest node on the path that remembers one, and the path from there. */
export function originAt(
  document: Document,
  path: Path,
): { readonly origin: Origin | undefined; readonly rest: Path } {
  let node: unknown = document.data
  let origin = (node as Originated | null)?.[ORIGIN]
  let rest = path
  for (const [index, key] of path.entries()) {
    if (typeof node !== 'object' || node === null) break
    node = (node as Record<string | number, unknown>)[key]
    const own = typeof node === 'object' ? (node as Originated | null)?.[ORIGIN] : undefined
    if (own) {
      origin = own
      rest = path.slice(index + 1)
    }
  }
  return { origin, rest }
}
