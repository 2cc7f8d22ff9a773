import { type Location, locationOf, type Origin } from './origin.ts'

/** What a {@link UserError} is built from. */
export interface Problem {
  /** What is wrong, with the person's own names and values. */
  readonly what: string
  /** The way out. */
  readonly help: string
  readonly origin?: Origin | undefined
  readonly location?: Location | undefined
  /**
   * Whether the person's input has to change, or the machine it runs on: a full disk, a missing
   * package. Default: `input`.
   */
  readonly kind?: 'input' | 'environment'
}

/**
 * A mistake of the person who uses the program, not of the program: shown as what, where and how
 * to mend it, never with a stack trace.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError'
  readonly what: string
  readonly help: string
  readonly location: Location | undefined
  readonly kind: 'input' | 'environment'

  constructor(problem: Problem) {
    const location = problem.location ?? locationOf(problem.origin)
    const where = location ? `${location.file}:${location.line}:${location.column}: ` : ''
    super(`${where}${problem.what}\n  ${problem.help}`)
    // Where nobody catches it, as in a .projenrc.ts, the way to our code would only hide the words.
    this.stack = `${this.name}: ${this.message}`
    this.what = problem.what
    this.help = problem.help
    this.location = location
    this.kind = problem.kind ?? 'input'
    // Node prints the fields of an uncaught error as well: they would say everything twice.
    for (const key of ['what', 'help', 'location', 'kind', 'name'] as const) {
      Object.defineProperty(this, key, { enumerable: false })
    }
  }
}

/** Whether it is a {@link UserError}, also one of another copy of this package. */
export function isUserError(error: unknown): error is UserError {
  try {
    if (!(error instanceof Error)) return false
    const { what, help, location } = error as UserError
    const isPlace = location === undefined || typeof location?.file === 'string'
    return typeof what === 'string' && typeof help === 'string' && isPlace
  } catch {
    // Anything may be thrown, also what throws when it is looked at.
    return false
  }
}
