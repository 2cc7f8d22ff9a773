import type { Concurrency, Defaults, Job } from './document/job.ts'
import type { On } from './document/on.ts'
import type { Permissions } from './document/permissions.ts'
import type { Text, Variables } from './document/scalar.ts'

export type * from './document/action.ts'
export type * from './document/dependabot.ts'
export type * from './document/job.ts'
export type * from './document/on.ts'
export type * from './document/permissions.ts'
export type * from './document/scalar.ts'
export type * from './document/step.ts'

/**
 * A file of `.github/workflows` as plain data: the whole workflow syntax in its own words. Text is
 * text as it stands in the file: `${{ … }}` is an expression.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
 * @example
 * const file: WorkflowFile = {
 *   on: 'push',
 *   jobs: { test: { 'runs-on': 'ubuntu-24.04', steps: [{ run: 'make test' }] } },
 * }
 */
export interface WorkflowFile {
  /** Shown in the list of workflows. Default: its path. */
  readonly name?: Text
  readonly description?: Text
  /** Title of a run. Default: from the event. */
  readonly 'run-name'?: Text
  readonly on: On
  /** Rights of the token in every job that says none. Default: the repository's setting. */
  readonly permissions?: Permissions
  readonly env?: Variables
  readonly defaults?: Defaults | null
  readonly concurrency?: Concurrency | Text
  readonly jobs: { readonly [id: string]: Job }
}
