import type { Kind, Severity } from '../lint/diagnostic.ts'
import type { StateItem } from '../write/state.ts'
import { locateKey } from './locate.ts'
import { type Location, locationOf, ORIGIN, type Origin, type Originated } from './origin.ts'
import type { Path } from './path.ts'

/**
 * A language that documents are written in: how to print one, and the rules that judge it.
 *
 * @example
 * const text: Format<string> = { name: 'text', rules: [], print: (data) => data }
 */
export interface Format<Data = unknown> {
  /** The first half of the ids of its rules, such as `compose`. */
  readonly name: string
  /** The rules, or a function that loads them when the first document is judged. */
  readonly rules: readonly Rule<Data>[] | (() => readonly Rule<Data>[])
  /**
   * The features of a document that rules apply to, such as its keys. A rule whose
   * {@link Rule.appliesTo} names none of them is skipped. Default: no rule is skipped.
   */
  features?(document: Document<Data>): ReadonlySet<string>
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

/** A fault that a rule reports: the node, and the message. */
export interface Violation {
  readonly path: Path
  readonly message: string
  /** Replaces the hint of the rule. */
  readonly hint?: string
  /** Replaces the severity of the rule. */
  readonly severity?: Severity
}

/** What a rule can read beside the document. */
export interface RuleContext {
  /** Every document of the stack, including this one, in a fixed order. */
  readonly documents: readonly Document[]
  /**
   * Whether the stack generates this file, or the project has it. `undefined` where that is unknown,
   * as for a document without a project.
   */
  exists(path: string): 'file' | 'directory' | 'none' | undefined
  /** Names in a folder of the project, folders with a slash at the end. `undefined` as above. */
  list?(path: string): readonly string[] | undefined
  /** Text of a file of the project; `undefined` for a missing or unknown file. */
  read?(path: string): string | undefined
  /** Whether `secrets init` creates this file. */
  isSecret(path: string): boolean
}

/**
 * A rule is one value. Its two examples are its tests and its page in the documentation.
 *
 * @example
 * const noPrivileged: Rule<ComposeFile> = {
 *   id: 'compose/privileged-containers-enabled',
 *   kind: 'insecure',
 *   summary: 'A privileged container',
 *   why: 'It can do whatever root on the host can.',
 *   hint: 'Drop `privileged` and add the one capability that is needed.',
 *   references: ['CIS Docker 5.5'],
 *   bad: { services: { app: { image: 'a:1', privileged: true } } },
 *   good: { services: { app: { image: 'a:1' } } },
 *   *check({ data }) { … },
 * }
 */
export interface Rule<Data = unknown> {
  /** `<format>/<what-is-wrong>`. */
  readonly id: string
  readonly kind: Kind
  /** Default: `error` for invalid and breaks, `warning` for the others. */
  readonly severity?: Severity
  /** One line, no full stop. */
  readonly summary: string
  /** The consequence of leaving it as it is. */
  readonly why: string
  /** How to fix it in TypeScript. */
  readonly hint: string
  /** How to fix it in the language of the format, for a file that was not written in TypeScript. */
  readonly fileHint?: string
  /** Sources: sections of a specification, or ids of CIS, hadolint or KICS. */
  readonly references: readonly string[]
  /**
   * Features of which a document must have one; documents without them are skipped. Which features
   * a document has, {@link Format.features} says. Default: the rule applies to every document.
   */
  readonly appliesTo?: readonly string[]
  readonly bad: Data
  readonly good: Data
  check(document: Document<Data>, context: RuleContext): Iterable<Violation>
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
