import { type Location, locationOf, type Origin } from './origin.ts'

/**
 * A mistake of the person who uses the program, not of the program: shown as what, where and how
 * to mend it, never with a stack trace.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly what: string
  readonly help: string
  readonly location: Location | undefined

  constructor(problem: {
    /** What is wrong, with the person's own names and values. */
    readonly what: string
    /** The way out. */
    readonly help: string
    readonly origin?: Origin | undefined
    readonly location?: Location | undefined
  }) {
    const location = problem.location ?? locationOf(problem.origin)
    const where = location ? `${location.file}:${location.line}:${location.column}: ` : ''
    super(`${where}${problem.what}\n  ${problem.help}`)
    this.what = problem.what
    this.help = problem.help
    this.location = location
  }
}
