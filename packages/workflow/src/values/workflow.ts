import { type Document, ORIGIN, type Origin, originOf, type Source, UserError } from '@erlmcp/core'
import type { Concurrency, EventName, Events, PermissionMap, WorkflowFile } from '../document.ts'
import { workflowFormat } from '../format.ts'
import { renderWorkflow } from '../render/workflow.ts'
import type { AuthorType, Env, MapOrExpression } from './author-type.ts'
import type { Expression, Value } from './expression.ts'
import type { InputsValue } from './inputs.ts'
import type { JobSpec, JobValue } from './job.ts'
import { type LocalOptions, localKeys } from './local-prefix.ts'
import { validateDeclarations } from './validate-declarations.ts'
import { validateKeys } from './validate-keys.ts'
import { validateList } from './validate-list.ts'
import { validateOn } from './validate-on.ts'
import { validatePermissions } from './validate-permissions.ts'

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
  readonly env?: MapOrExpression<Env>
  /** Default here: `shell: bash`, which ends at the first error, also within a pipe. */
  readonly defaults?: JobSpec['defaults']
  /**
   * Default here: a new commit of a pull request cancels the run of the old one, and no other run
   * is ever cancelled or replaced. A reusable workflow has none: two calls would cancel each other.
   *
   * @example
   * concurrency: { group: 'deploy', queue: 'max' } // one at a time, in order, none is dropped
   */
  readonly concurrency?: AuthorType<Concurrency> | Value | false
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
  readonly spec: WorkflowSpec
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A workflow of GitHub Actions. Safe unless said otherwise: no rights but those that a job says,
 * every job ends in time, one run a branch, scripts that end at the first error.
 *
 * @param path of the file, relative to the project: `.github/workflows/ci.yml`
 * @param options for a server of your own: `{ local: './' }`
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
  options: LocalOptions = {},
): WorkflowValue<Input, Output> {
  const origin = originOf(workflow)
  if (!/^\.github\/workflows\/[^/\s]+\.ya?ml$/.test(path)) {
    throw new UserError({
      message: `GitHub does not look for a workflow at ${JSON.stringify(path)}`,
      hint: 'Name it .github/workflows/NAME.yml.',
      origin,
    })
  }
  validateKeys(path, spec, keys, origin)
  validateKeys(`the options of ${path}`, options, localKeys, origin)
  validateOn(path, spec.on, origin)
  validateDeclarations(path, spec.on, origin)
  validatePermissions(path, spec.permissions, origin)
  validateList(`the jobs of ${path}`, spec.jobs, 'job', origin)
  if (spec.jobs.length === 0) {
    throw new UserError({ message: `${path} has no jobs`, hint: 'Give it one.', origin })
  }
  const value = { path, spec: spec as WorkflowSpec, [ORIGIN]: origin }
  return Object.freeze({
    ...value,
    kind: 'workflow',
    inputs: Object.keys(callOf(spec)?.inputs?.spec ?? {}) as Input[],
    outputs: Object.keys(callOf(spec)?.outputs ?? {}) as Output[],
    *documents(context): Iterable<Document> {
      const { file, sources } = renderWorkflow(value, context, options)
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
