import type { Location } from '@erlmcp/core'

/** The result for one secret file. It never holds the content. */
export type SecretResult =
  /** It was missing; `access` tells who can read it, such as `0400, user 1000`. */
  | { readonly path: string; readonly status: 'created'; readonly access: string }
  /** It exists and is valid. */
  | { readonly path: string; readonly status: 'kept' }
  | {
      readonly path: string
      readonly status: 'problem'
      readonly message: string
      /** How to fix it. */
      readonly hint: string
      /** Where the stack defines the secret. */
      readonly location?: Location
    }

/** Result of `initSecrets`. */
export interface SecretsReport {
  /** One result for each path, in the order they were first given. */
  readonly secrets: readonly SecretResult[]
  /** Directories that were open to other users and have been closed (0700), relative to the project. */
  readonly closed: readonly string[]
  /** False when one of the secrets has a problem. */
  readonly ok: boolean
}
