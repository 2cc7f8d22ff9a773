import type { Document } from './document.ts'
import { ORIGIN, type Originated, originOf } from './origin.ts'
import type { SecretFile } from './secret.ts'
import { UserError } from './user-error.ts'
import type { Waiver } from './waiver.ts'

/** What a source may know of the stack that it is part of. */
export interface StackContext {
  readonly stack: string
}

/** A value that files are made from: an image, a compose file, a workflow. */
export interface Source {
  documents(context: StackContext): Iterable<Document>
  /** Secret files that its documents need, for `erlmcp secrets init`. */
  secrets?(context: StackContext): Iterable<SecretFile>
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
 * @throws UserError when the name cannot be a Compose project name.
 * @example
 * export default stack('erlmcp', [image, compose('compose.yaml', [app])])
 */
export function stack(name: string, sources: readonly Source[], options: StackOptions = {}): Stack {
  if (!namePattern.test(name)) {
    throw new UserError({
      what: `stack name ${JSON.stringify(name)} cannot name a Compose project`,
      help: 'Use lower-case letters, digits, dashes and underscores, beginning with a letter or digit.',
      origin: originOf(stack),
    })
  }
  return Object.freeze({
    kind: 'stack' as const,
    name,
    sources: Object.freeze([...sources]),
    waivers: Object.freeze([...(options.waivers ?? [])]),
    [ORIGIN]: originOf(stack),
  })
}

/** Whether a module's export is a stack, also one made by another copy of this package. */
export function isStack(value: unknown): value is Stack {
  return typeof value === 'object' && value !== null && (value as Stack).kind === 'stack'
}
