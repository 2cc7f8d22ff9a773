import type { Document } from './document.ts'
import { formatValue } from './format-value.ts'
import type { Diagnostic } from './lint/diagnostic.ts'
import { type Suppression, validateTerms } from './lint/suppression.ts'
import { ORIGIN, type Originated, originOf } from './origin.ts'
import type { ProjectContext } from './project/project-context.ts'
import { any, object } from './schema/schema.ts'
import { validateOptions } from './schema/validate-options.ts'
import type { SecretFile } from './secret/secret.ts'
import { UserError } from './user-error.ts'
import { itemsOf, validateDocument, validateSecretFile } from './validate-source.ts'

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
  /** How the project is worked with. Default: as one of npm, at the root of its repository. */
  readonly project?: ProjectContext
}

/** A value that files are made from: an image, a compose file, a workflow. */
export interface Source {
  documents(context: StackContext): Iterable<Document>
  /** Secret files that its documents need, for `erlmcp secrets init`. */
  secrets?(context: StackContext): Iterable<SecretFile>
  /** What is wrong with more than one document, such as a key that can be guessed. */
  diagnostics?(context: StackContext): Iterable<Diagnostic>
}

/** A deployment: everything that one `stack.ts` describes. */
export interface Stack extends Originated {
  readonly kind: 'stack'
  readonly name: string
  readonly sources: readonly Source[]
  readonly suppressions: readonly Suppression[]
  /** Rules whose notes are not reported. */
  readonly mute?: readonly string[]
  /** Folder of the repository, from that of the stack. */
  readonly repository?: string
}

export interface StackOptions {
  /** Diagnostics that are known and accepted, each with a reason and an end. */
  readonly suppressions?: readonly Suppression[]
  /**
   * Rules whose notes are not reported, each by its id or the beginning of one before `*`: `['*']`
   * is all of them. Warnings and errors are reported all the same. Default: none.
   *
   * @example
   * stack('shop', [web], { mute: ['compose/image-without-digest'] })
   */
  readonly mute?: readonly string[]
  /**
   * Folder of the repository, from that of the stack: GitHub reads workflows and other files of
   * `.github` from its root only. Default: the nearest folder upward that has `.git`.
   */
  readonly repository?: string
}

// What Compose allows as a project name (Compose spec, "Name top-level element").
const namePattern = /^[a-z0-9][a-z0-9_-]*$/

/**
 * The default export of a `stack.ts`.
 *
 * @throws UserError when the name cannot be a Compose project name, a source makes no files, or a
 * suppression has no reason or no end
 * @example
 * export default stack('erlmcp', [image, compose('compose.yaml', [app])])
 */
export function stack(name: string, sources: readonly Source[], options: StackOptions = {}): Stack {
  const origin = originOf(stack)
  validateOptions('stack', options, optionsSchema, origin)
  const { suppressions = [], mute = [], repository } = options
  const created = {
    kind: 'stack' as const,
    name,
    sources,
    suppressions,
    mute,
    ...(repository !== undefined && { repository }),
    [ORIGIN]: origin,
  }
  validateStack(created)
  return Object.freeze({
    ...created,
    sources: Object.freeze([...sources]),
    suppressions: Object.freeze([...suppressions]),
    mute: Object.freeze([...mute]),
    ...(repository !== undefined && { repository: repository.replace(/\/$/, '') }),
  })
}

/**
 * Looks at a stack that may be made by hand: JavaScript, and TypeScript that nobody compiled, may
 * give anything.
 *
 * @throws UserError as {@link stack} does
 */
export function validateStack(created: Stack): void {
  const { name, sources, suppressions, mute = [], repository } = created
  const origin = created[ORIGIN]
  const reject = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin })
  }
  if (typeof name !== 'string' || !namePattern.test(name)) {
    reject(
      `stack name ${JSON.stringify(name)} cannot name a Compose project`,
      'Use lower-case letters, digits, dashes and underscores, beginning with a letter or digit.',
    )
  }
  if (!Array.isArray(sources)) {
    reject(`the sources of stack ${name} are no list`, "Write `stack('name', [first, second])`.")
  }
  for (const one of sources as readonly unknown[]) {
    const { documents, secrets } = (one ?? {}) as Partial<Record<string, unknown>>
    if (typeof documents !== 'function') {
      reject(
        `stack ${name} has ${explainFsErrors(one)} among its sources, which makes no files`,
        sourceHelp,
      )
    }
    if (secrets !== undefined && typeof secrets !== 'function') {
      reject(
        `stack ${name} has a source whose secrets are ${explainFsErrors(secrets)}`,
        'Write `secrets: () => […]`, or leave it out.',
      )
    }
  }
  if (!Array.isArray(suppressions)) {
    reject(
      `the suppressions of stack ${name} are no list`,
      'Write `{ suppressions: [suppress(…)] }`.',
    )
  }
  if (!Array.isArray(mute) || mute.some((id) => typeof id !== 'string')) {
    reject(
      `mute of stack ${name}: expected a list of rule ids, got ${formatValue(mute)}`,
      "Write `{ mute: ['compose/image-without-digest'] }`, or ['*'] for all notes.",
    )
  }
  if (repository !== undefined && !/^\.\.?(?:\/\.\.)*\/?$/.test(repository)) {
    reject(
      `the repository of stack ${name} is ${JSON.stringify(repository)}, which is not above it`,
      "Write the way up from the folder of the stack: '.', '..' or '../..'.",
    )
  }
  for (const suppression of suppressions)
    validateTerms(suppression, suppression?.[ORIGIN] ?? origin)
}

const sourceHelp =
  'Sources are what makes files: compose(path, services), erlangImage(options), { documents: () => [textFile(path, text)] }.'

const optionsSchema = object<StackOptions>({ suppressions: any, mute: any, repository: any })

/**
 * The documents of every source.
 *
 * @throws UserError when a source, which may be a user's own, gives anything else
 */
export function documentsOf(stack: Stack, context: StackContext): Document[] {
  return stack.sources.flatMap((source, index) => {
    const subject = `source ${index + 1} of stack ${stack.name}`
    const origin = stack[ORIGIN]
    const given = itemsOf(subject, 'documents', source.documents(context), origin)
    return given.map((one) => validateDocument(subject, one, origin))
  })
}

/**
 * The secret files of every source.
 *
 * @throws UserError when a source gives anything else
 */
export function secretsOf(stack: Stack, context: StackContext): SecretFile[] {
  return stack.sources.flatMap((source, index) => {
    const subject = `source ${index + 1} of stack ${stack.name}`
    const origin = stack[ORIGIN]
    const given = source.secrets?.(context) ?? []
    return itemsOf(subject, 'secret files', given, origin).map((one) =>
      validateSecretFile(subject, one, origin),
    )
  })
}

/** What somebody took for a source: most things that our packages make have a kind and a name. */
function explainFsErrors(value: unknown): string {
  const { kind, name, path } = (value ?? {}) as Record<string, unknown>
  if (typeof kind === 'string' && typeof name === 'string') return `the ${kind} ${name}`
  return typeof path === 'string'
    ? `the document ${path}`
    : `${value === null ? null : typeof value}`
}

/** Whether a module's export is a stack, also one made by another copy of this package. */
export function isStack(value: unknown): value is Stack {
  try {
    return typeof value === 'object' && value !== null && (value as Stack).kind === 'stack'
  } catch {
    // A proxy that answers nothing.
    return false
  }
}
