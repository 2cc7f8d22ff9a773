import type { Document } from '../document/document.ts'
import { ORIGIN, type Originated, originOf } from '../document/origin.ts'
import type { Diagnostic } from '../lint/diagnostic.ts'
import { type Suppression, validateTerms } from '../lint/suppression.ts'
import type { ProjectContext } from '../project/project-context.ts'
import { any, object } from '../schema/schema.ts'
import { validateOptions } from '../schema/validate-options.ts'
import type { SecretFile } from '../secret/secret.ts'
import { formatValue } from '../text/format-value.ts'
import { UserError } from '../user-error.ts'
import { itemsOf, validateDocument, validateSecretFile } from './validate-source.ts'

/** The stack and the project of a source. */
export interface StackContext {
  readonly stack: string
  /**
   * The text of a file of the project, such as a lock file; `undefined` when it does not exist or no
   * project is known.
   *
   * @param path relative to the project, with `/`
   */
  read?(path: string): string | undefined
  /** The commands of the project. Default: those of an npm project at the root of its repository. */
  readonly project?: ProjectContext
}

/** A value that generates files: an image, a compose file, a workflow. */
export interface Source {
  documents(context: StackContext): Iterable<Document>
  /** Secret files that its documents need, for `erlmcp secrets init`. */
  secrets?(context: StackContext): Iterable<SecretFile>
  /** Diagnostics of values that are not in a document, such as a weak key. */
  diagnostics?(context: StackContext): Iterable<Diagnostic>
}

/** A deployment: the content of one `stack.ts`. */
export interface Stack extends Originated {
  readonly kind: 'stack'
  readonly name: string
  readonly sources: readonly Source[]
  readonly suppressions: readonly Suppression[]
  /** Rules whose notes are not reported. */
  readonly mute?: readonly string[]
  /** Folder of the repository, relative to the stack. */
  readonly repository?: string
}

export interface StackOptions {
  /** Accepted diagnostics, each with a reason and an expiry date. */
  readonly suppressions?: readonly Suppression[]
  /**
   * Ids of rules whose notes are not reported; `*` at the end matches any rest. Warnings and errors
   * are always reported. Default: `[]`.
   *
   * @example
   * stack('shop', [web], { mute: ['compose/image-without-digest'] })
   */
  readonly mute?: readonly string[]
  /**
   * Folder of the repository, relative to the stack: GitHub reads `.github` from its root only.
   * Default: the nearest parent folder with `.git`.
   */
  readonly repository?: string
}

// What Compose allows as a project name (Compose spec, "Name top-level element").
const namePattern = /^[a-z0-9][a-z0-9_-]*$/

/**
 * The default export of a `stack.ts`.
 *
 * @throws UserError for an invalid Compose project name, an invalid source, or a suppression without
 * reason or expiry date
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
 * Validates a stack, which may come from JavaScript or from TypeScript that was not type-checked.
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
      `stack: invalid name ${JSON.stringify(name)}: expected a Compose project name`,
      'Use lower-case letters, digits, dashes and underscores; start with a letter or digit.',
    )
  }
  if (!Array.isArray(sources)) {
    reject(
      `stack ${name}: expected a list of sources, got ${formatValue(sources)}`,
      "Write `stack('name', [first, second])`.",
    )
  }
  for (const one of sources as readonly unknown[]) {
    const { documents, secrets } = (one ?? {}) as Partial<Record<string, unknown>>
    if (typeof documents !== 'function') {
      reject(`stack ${name}: expected a source, got ${formatSource(one)}`, sourceHelp)
    }
    if (secrets !== undefined && typeof secrets !== 'function') {
      reject(
        `stack ${name}: expected a function as secrets of a source, got ${formatSource(secrets)}`,
        'Write `secrets: () => […]`, or remove it.',
      )
    }
  }
  if (!Array.isArray(suppressions)) {
    reject(
      `stack ${name}: expected a list of suppressions, got ${formatValue(suppressions)}`,
      'Write `{ suppressions: [suppress(…)] }`.',
    )
  }
  if (!Array.isArray(mute) || mute.some((id) => typeof id !== 'string')) {
    reject(
      `stack ${name}: expected a list of rule ids as mute, got ${formatValue(mute)}`,
      "Write `{ mute: ['compose/image-without-digest'] }`, or ['*'] for all notes.",
    )
  }
  if (repository !== undefined && !/^\.\.?(?:\/\.\.)*\/?$/.test(repository)) {
    reject(
      `stack ${name}: expected a parent folder as repository, got ${JSON.stringify(repository)}`,
      "Write '.', '..' or '../..', relative to the folder of the stack.",
    )
  }
  for (const suppression of suppressions)
    validateTerms(suppression, suppression?.[ORIGIN] ?? origin)
}

const sourceHelp =
  'Pass values that generate files: compose(path, services), erlangImage(options), { documents: () => [textFile(path, text)] }.'

const optionsSchema = object<StackOptions>({ suppressions: any, mute: any, repository: any })

/**
 * The documents of every source.
 *
 * @throws UserError when a source returns anything else
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
 * @throws UserError when a source returns anything else
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

/** A value in the words of a message: most values of these packages have a kind and a name. */
function formatSource(value: unknown): string {
  const { kind, name, path } = (value ?? {}) as Record<string, unknown>
  if (typeof kind === 'string' && typeof name === 'string') return `the ${kind} ${name}`
  return typeof path === 'string'
    ? `the document ${path}`
    : `${value === null ? null : typeof value}`
}

/** Whether an export of a module is a stack, also one of another copy of this package. */
export function isStack(value: unknown): value is Stack {
  try {
    return typeof value === 'object' && value !== null && (value as Stack).kind === 'stack'
  } catch {
    // A proxy may throw.
    return false
  }
}
