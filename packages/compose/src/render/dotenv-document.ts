import type { Originated } from '@erlmcp/core'

/** A variable that files of the stack read. */
export interface Declaration extends Originated {
  readonly name: string
  /** The files and services that read it: `compose.yaml (service app)`. */
  readonly uses: readonly string[]
  /** Every different default that it has somewhere. */
  readonly defaults?: readonly string[]
  /** The error message where it is not set. */
  readonly required?: string
  readonly description?: string
}

/** The variables of a stack: `.env.example`. */
export interface Dotenv {
  readonly variables: readonly Declaration[]
}
