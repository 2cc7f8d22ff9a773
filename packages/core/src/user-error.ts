import { type Location, locationOf, type Origin } from './document/origin.ts'

/** Options of a {@link UserError}. */
export interface UserErrorOptions {
  /** What is invalid, with the user's own names and values. */
  readonly message: string
  /** How to fix it: one imperative sentence. */
  readonly hint: string
  readonly origin?: Origin | undefined
  readonly location?: Location | undefined
  /**
   * Whether to fix the input, or the machine it runs on: a full disk, a missing package.
   * Default: `input`.
   */
  readonly kind?: 'input' | 'environment'
}

/** Invalid input of the user: shown as message, location and hint, never with a stack trace. */
export class UserError extends Error {
  override readonly name: string = 'UserError'
  /** The message alone: `message` has the location and the hint as well. */
  readonly summary: string
  readonly hint: string
  readonly location: Location | undefined
  readonly kind: 'input' | 'environment'

  constructor(options: UserErrorOptions) {
    const location = options.location ?? locationOf(options.origin)
    const where = location ? `${location.file}:${location.line}:${location.column}: ` : ''
    super(`${where}${options.message}\n  ${options.hint}`)
    // Node prints the stack of an uncaught error, as in a .projenrc.ts: our frames would hide the text.
    this.stack = `${this.name}: ${this.message}`
    this.summary = options.message
    this.hint = options.hint
    this.location = location
    this.kind = options.kind ?? 'input'
    // Node prints the fields of an uncaught error as well, which the message already has.
    for (const key of ['summary', 'hint', 'location', 'kind', 'name'] as const) {
      Object.defineProperty(this, key, { enumerable: false })
    }
  }
}

/** Whether a thrown value is a {@link UserError}, also one of another copy of this package. */
export function isUserError(error: unknown): error is UserError {
  try {
    if (!(error instanceof Error)) return false
    const { summary, hint, location } = error as UserError
    const isPlace = location === undefined || typeof location?.file === 'string'
    return typeof summary === 'string' && typeof hint === 'string' && isPlace
  } catch {
    // A thrown value may have getters that throw.
    return false
  }
}
