import type { Text } from './scalar.ts'
import type { RunStep, UsesStep } from './step.ts'

/** An input of an action. */
export interface ActionInput {
  readonly description?: Text
  readonly required?: boolean
  readonly default?: Text
  readonly deprecationMessage?: string
}

/** A step of a composite action: it has no time limit of its own, and says its shell. */
export type CompositeStep =
  | (Omit<RunStep, 'timeout-minutes' | 'background'> & { readonly shell: string } & {
      readonly uses?: never
      readonly with?: never
    })
  | (Omit<UsesStep, 'timeout-minutes' | 'background'> & {
      readonly run?: never
      readonly shell?: never
      readonly 'working-directory'?: never
    })

/** What an action is made of: steps, a program of Node, or an image. */
export type ActionRuns =
  | { readonly using: 'composite'; readonly steps: readonly CompositeStep[] }
  | {
      readonly using: 'node12' | 'node16' | 'node20' | 'node24'
      readonly main: string
      readonly pre?: string
      readonly 'pre-if'?: string
      readonly post?: string
      readonly 'post-if'?: string
    }
  | {
      readonly using: 'docker'
      readonly image: string
      readonly entrypoint?: string
      readonly args?: readonly Text[]
      readonly env?: { readonly [name: string]: Text }
      readonly 'pre-entrypoint'?: string
      readonly 'pre-if'?: string
      readonly 'post-entrypoint'?: string
      readonly 'post-if'?: string
    }

/**
 * An `action.yml` (Metadata syntax for GitHub Actions).
 *
 * @example
 * const file: ActionFile = {
 *   name: 'Setup',
 *   runs: { using: 'composite', steps: [{ run: 'make setup', shell: 'bash' }] },
 * }
 */
export interface ActionFile {
  readonly name: Text
  readonly author?: Text
  readonly description?: Text
  readonly inputs?: { readonly [name: string]: ActionInput | null } | null
  readonly outputs?: {
    readonly [name: string]: { readonly description?: Text; readonly value?: Text }
  } | null
  readonly runs: ActionRuns
  readonly branding?: {
    readonly icon?: string
    readonly color?:
      | 'white'
      | 'black'
      | 'yellow'
      | 'blue'
      | 'green'
      | 'orange'
      | 'red'
      | 'purple'
      | 'gray-dark'
  }
}
