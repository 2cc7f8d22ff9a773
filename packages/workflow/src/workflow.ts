import {
  type Document,
  defaultProject,
  ORIGIN,
  type Origin,
  originOf,
  type Source,
  UserError,
} from '@erlmcp/core'
import type { Authored, Env } from './authored.ts'
import { checkKeys } from './check-keys.ts'
import { checkOn } from './check-on.ts'
import { checkPermissions } from './check-permissions.ts'
import { checkValues } from './check-values.ts'
import type { Concurrency, EventName, Events, PermissionMap, WorkflowFile } from './document.ts'
import type { Expression, Value } from './expression.ts'
import { workflowFormat } from './format.ts'
import type { InputsValue } from './inputs.ts'
import type { JobSpec, JobValue } from './job.ts'
import { readLock } from './lock.ts'
import { lowerWorkflow, permissionsOf } from './lower-workflow.ts'

interface CallSpec<Input extends string, Output extends string> {
  readonly inputs?: InputsValue<Input>
  /** Outputs of its jobs, for whoever calls it. */
  readonly outputs?: {
    readonly [Name in Output]: { readonly description?: string; readonly value: Expression }
  }
  readonly secrets?: {
    readonly [name: string]: { readonly description?: string; readonly required?: boolean }
  }
}

interface EventsSpec<Input extends string, Output extends string>
  extends Omit<Events, 'workflow_call' | 'workflow_dispatch'> {
  /** What makes it reusable: {@link call}. */
  readonly workflow_call?: CallSpec<Input, Output> | null
  /** What lets a person start it. */
  readonly workflow_dispatch?: { readonly inputs?: InputsValue } | null
}

/** What a person writes for a workflow: the keys of the workflow syntax, references as values. */
export interface WorkflowSpec<Input extends string = string, Output extends string = string> {
  readonly name?: string
  readonly description?: string
  readonly 'run-name'?: Value
  readonly on: EventName | readonly EventName[] | EventsSpec<Input, Output>
  /** Rights of the token where a job says none. Default here: `{}`, none. */
  readonly permissions?: PermissionMap
  readonly env?: Env
  /** Default here: `shell: bash`, which ends at the first error, also within a pipe. */
  readonly defaults?: JobSpec['defaults']
  /**
   * Default here: one run for each branch or pull request; a new commit of a pull request ends the
   * run of the old one. A reusable workflow has none: its caller's would be the same group.
   */
  readonly concurrency?: Authored<Concurrency> | false
  /** Its jobs; those that they need come with them. */
  readonly jobs: readonly JobValue[]
}

/** A workflow as a value: a source of the stack, and what {@link call} calls. */
export interface WorkflowValue<Input extends string = string, Output extends string = string>
  extends Source {
  readonly kind: 'workflow'
  /** The file, relative to the project. */
  readonly path: string
  readonly inputs: readonly Input[]
  readonly outputs: readonly Output[]
  /** What its jobs ask of the token, together. */
  readonly permissions: PermissionMap
  readonly spec: WorkflowSpec
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A workflow of GitHub Actions. Safe unless said otherwise: no rights but those that a job says,
 * every job ends in time, one run a branch, scripts that end at the first error.
 *
 * @param path of the file, relative to the project: `.github/workflows/ci.yml`
 * @throws UserError for a path that GitHub does not look at, and for an event, filter or right that it
 * does not have
 * @example
 * export default stack('shop', [
 *   workflow('.github/workflows/ci.yml', { name: 'CI', on: ['push'], jobs: [build, test] }),
 * ])
 */
export function workflow<const Input extends string = never, const Output extends string = never>(
  path: string,
  spec: WorkflowSpec<Input, Output>,
): WorkflowValue<Input, Output> {
  const origin = originOf(workflow)
  if (!/^\.github\/workflows\/[^/\s]+\.ya?ml$/.test(path)) {
    throw new UserError({
      what: `GitHub does not look for a workflow at ${JSON.stringify(path)}`,
      help: 'Name it .github/workflows/NAME.yml.',
      origin,
    })
  }
  checkKeys(path, spec, keys, origin)
  checkOn(path, spec.on, origin)
  checkPermissions(path, spec.permissions, origin)
  checkValues(`the jobs of ${path}`, spec.jobs, 'job', origin)
  if (spec.jobs.length === 0) {
    throw new UserError({ what: `${path} has no jobs`, help: 'Give it one.', origin })
  }
  const value = { path, spec: spec as WorkflowSpec, [ORIGIN]: origin }
  return Object.freeze({
    ...value,
    kind: 'workflow',
    inputs: Object.keys(callOf(spec)?.inputs?.spec ?? {}) as Input[],
    outputs: Object.keys(callOf(spec)?.outputs ?? {}) as Output[],
    permissions: permissionsOf(spec.jobs),
    *documents(context): Iterable<Document> {
      const { file, sources } = lowerWorkflow(
        value,
        readLock(context),
        context.project ?? defaultProject,
      )
      yield { path, format: workflowFormat, data: file } satisfies Document<WorkflowFile>
      for (const one of sources) yield* one.documents(context)
    },
  } satisfies WorkflowValue<Input, Output>)
}

const keys = [
  ...(['name', 'description', 'run-name', 'on', 'permissions', 'env'] as const),
  ...(['defaults', 'concurrency', 'jobs'] as const),
] satisfies (keyof WorkflowSpec)[]

function callOf<Input extends string, Output extends string>({
  on,
}: WorkflowSpec<Input, Output>): CallSpec<Input, Output> | null | undefined {
  return typeof on === 'object' && 'workflow_call' in on ? on.workflow_call : undefined
}
