import type { Location } from '@erlmcp/core'

/** What became of one secret file. Never its content. */
export type SecretResult =
  /** It was missing and is there now; `access` says who reads it, such as `0400, user 1000`. */
  | { readonly path: string; readonly status: 'made'; readonly access: string }
  /** It was there, and serves. */
  | { readonly path: string; readonly status: 'kept' }
  | {
      readonly path: string
      readonly status: 'problem'
      /** What is wrong. */
      readonly message: string
      /** The way out. */
      readonly hint: string
      /** Where the secret was described. */
      readonly location?: Location
    }

/** What `initSecrets` did. */
export interface SecretsReport {
  /** One result for each path, in the order they were first given. */
  readonly secrets: readonly SecretResult[]
  /** Directories that were open to others and are closed (0700) now, relative to the project. */
  readonly closed: readonly string[]
  /** False when one of the secrets has a problem. */
  readonly ok: boolean
}
