import type { Document } from './document.ts'
import type { Finding } from './finding.ts'
import { ORIGIN, type Originated, originOf } from './origin.ts'
import type { SecretFile } from './secret.ts'
import { UserError } from './user-error.ts'
import { refuseBadTerms, type Waiver } from './waiver.ts'

/** What a source may know of the stack that it is part of. */
export interface StackContext {
  readonly stack: string
  /**
   * The text of a file of the project, such as a lock; `undefined` where there is none, or where no
   * project is known.
   *
   * @param path relative to the project, with `/`
   */
  read?(path: string): string | undefined
}

/** A value that files are made from: an image, a compose file, a workflow. */
export interface Source {
  documents(context: StackContext): Iterable<Document>
  /** Secret files that its documents need, for `erlmcp secrets init`. */
  secrets?(context: StackContext): Iterable<SecretFile>
  /** What is wrong with more than one document, such as a key that can be guessed. */
  findings?(context: StackContext): Iterable<Finding>
}

/** A deployment: everything that one `stack.ts` describes. */
export interface Stack extends Originated {
  readonly kind: 'stack'
  readonly name: string
  readonly sources: readonly Source[]
  readonly waivers: readonly Waiver[]
}

export interface StackOptions {
  /** Findings that are known and accepted, each with a reason and an end. */
  readonly waivers?: readonly Waiver[]
}

// What Compose allows as a project name (Compose spec, "Name top-level element").
const namePattern = /^[a-z0-9][a-z0-9_-]*$/

/**
 * The default export of a `stack.ts`.
 *
 * @throws UserError when the name cannot be a Compose project name, a source makes no files, or a
 * waiver has no reason or no end
 * @example
 * export default stack('erlmcp', [image, compose('compose.yaml', [app])])
 */
export function stack(name: string, sources: readonly Source[], options: StackOptions = {}): Stack {
  const refuse = (what: string, help: string): never => {
    throw new UserError({ what, help, origin: originOf(stack) })
  }
  refuseOtherOptions(options, refuse)
  const { waivers = [] } = options
  if (typeof name !== 'string' || !namePattern.test(name)) {
    refuse(
      `stack name ${JSON.stringify(name)} cannot name a Compose project`,
      'Use lower-case letters, digits, dashes and underscores, beginning with a letter or digit.',
    )
  }
  // JavaScript, and TypeScript that nobody compiled, may give anything.
  if (!Array.isArray(sources)) {
    refuse(`the sources of stack ${name} are no list`, "Write `stack('name', [first, second])`.")
  }
  const [wrong] = sources.filter((one) => typeof one?.documents !== 'function')
  if (sources.some((one) => typeof one?.documents !== 'function')) {
    refuse(
      `stack ${name} has ${inWords(wrong)} among its sources, which makes no files`,
      sourceHelp,
    )
  }
  if (!Array.isArray(waivers)) {
    refuse(`the waivers of stack ${name} are no list`, 'Write `{ waivers: [waive(…)] }`.')
  }
  for (const waiver of waivers) refuseBadTerms(waiver, waiver?.[ORIGIN] ?? originOf(stack))
  return Object.freeze({
    kind: 'stack' as const,
    name,
    sources: Object.freeze([...sources]),
    waivers: Object.freeze([...waivers]),
    [ORIGIN]: originOf(stack),
  })
}

const sourceHelp =
  'Sources are what makes files: compose(path, services), erlangImage(options), { documents: () => [textFile(path, text)] }.'

function refuseOtherOptions(options: unknown, refuse: (what: string, help: string) => never): void {
  const help = 'Write `{ waivers: [waive(…)] }`, or nothing.'
  if (typeof options !== 'object' || options === null) {
    refuse(`the options of a stack are ${inWords(options)}`, help)
  }
  const odd = Object.keys(options as object).find((key) => key !== 'waivers')
  if (odd !== undefined) refuse(`a stack has no option ${JSON.stringify(odd)}`, help)
}

/**
 * The documents of every source.
 *
 * @throws UserError when a source, which may be a person's own, gives anything else
 */
export function documentsOf(stack: Stack, context: StackContext): Document[] {
  const refuse = (what: string): never => {
    throw new UserError({ what, help: sourceHelp, origin: stack[ORIGIN] })
  }
  return stack.sources.flatMap((source, index) => {
    const given: unknown = source.documents(context)
    const which = `source ${index + 1} of stack ${stack.name}`
    if (!isIterable(given)) {
      return refuse(
        `${which} gives ${given instanceof Promise ? 'a promise' : inWords(given)} for a list of documents`,
      )
    }
    return [...given].map((one) =>
      isDocument(one) ? one : refuse(`${which} gives ${inWords(one)} for a document`),
    )
  })
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}

function isDocument(value: unknown): value is Document {
  const { path, format } = (value ?? {}) as Partial<Document>
  return (
    typeof path === 'string' &&
    typeof format?.print === 'function' &&
    Array.isArray(format.rules) &&
    typeof format.name === 'string'
  )
}

/** What somebody took for a source: most things that our packages make have a kind and a name. */
function inWords(value: unknown): string {
  const { kind, name, path } = (value ?? {}) as Record<string, unknown>
  if (typeof kind === 'string' && typeof name === 'string') return `the ${kind} ${name}`
  return typeof path === 'string'
    ? `the document ${path}`
    : `${value === null ? null : typeof value}`
}

/** Whether a module's export is a stack, also one made by another copy of this package. */
export function isStack(value: unknown): value is Stack {
  return typeof value === 'object' && value !== null && (value as Stack).kind === 'stack'
}
