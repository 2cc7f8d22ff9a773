import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type { Pin } from '../actions/pin.ts'
import type {
  Concurrency,
  Container,
  Environment,
  PermissionMap,
  RunnerGroup,
  ServiceContainer,
  StepsJob,
} from '../document.ts'
import type { AuthorType, Env, If, MapOrExpression } from './author-type.ts'
import { type Expression, rawExpression, type Value } from './expression.ts'
import { validateId } from './id.ts'
import type { MatrixValue } from './matrix.ts'
import type { StepValue } from './step.ts'
import { validateComment, validateKeys } from './validate-keys.ts'
import { validateList } from './validate-list.ts'
import { validatePermissions } from './validate-permissions.ts'
import type { WorkflowValue } from './workflow.ts'

type Arm<Name extends string> = Name | `${Name}-arm`

/**
 * Machines of GitHub, by a label that means the same system tomorrow (GitHub-hosted runners
 * reference); `ubuntu-latest` does not.
 */
export type HostedRunner =
  | Arm<'ubuntu-22.04' | 'ubuntu-24.04' | 'ubuntu-26.04'>
  | 'ubuntu-slim'
  | 'windows-2022'
  | 'windows-2025'
  | 'windows-11-arm'
  | 'macos-14'
  | 'macos-14-large'
  | 'macos-15'
  | 'macos-15-intel'
  | 'macos-15-large'
  | 'macos-26'
  | 'macos-26-large'

/**
 * Which machine runs a job: one of GitHub by its label, your own by a list of all the labels that it
 * must have (`['self-hosted', 'linux']`, `['my-scale-set']`), or one of a group.
 */
export type RunnerSelector =
  | HostedRunner
  | readonly [Label, ...Label[]]
  | AuthorType<RunnerGroup>
  | Expression

type Label = string | Expression

type WithEnv<Type> = AuthorType<Omit<Type, 'env'>> & { readonly env?: MapOrExpression<Env> }

interface AnyJobSpec {
  /** Printed above the job, for whoever reads the file. Not a key of GitHub. */
  readonly comment?: string
  readonly name?: Value
  /** Jobs that come before it. Those whose outputs it uses are added. */
  readonly needs?: readonly JobValue[]
  /** Default: `success()`: a job whose need failed or was skipped is skipped. */
  readonly if?: If
  /** Rights of its token. Default here: what its steps are known to read, and nothing else. */
  readonly permissions?: PermissionMap
  readonly concurrency?: AuthorType<Concurrency> | Value
  readonly strategy?: StrategySpec | Expression
}

/** How often the job runs in one run of the workflow, and how many of those at once. */
export interface StrategySpec {
  readonly matrix?: MatrixValue | Expression
  /** Whether the others end when one fails. Default: `true`. */
  readonly 'fail-fast'?: boolean | Expression
  /** Default: as many as there are machines. */
  readonly 'max-parallel'?: number | Expression
}

/** What a person writes for a job: the keys of the workflow syntax, references as values. */
export interface JobSpec<Output extends string = string> extends AnyJobSpec {
  readonly 'runs-on': RunnerSelector
  /** Minutes until it is cancelled. Default here: 30. */
  readonly 'timeout-minutes'?: number | Expression
  readonly 'cancel-timeout-minutes'?: number | Expression
  readonly 'continue-on-error'?: boolean | Expression
  /** Its `url` may use outputs of the steps. */
  readonly environment?: Value | AuthorType<Environment>
  readonly env?: MapOrExpression<Env>
  /** What `run` steps begin with. Default here, from the workflow: `shell: bash`. */
  readonly defaults?: {
    readonly run: { readonly shell?: Value; readonly 'working-directory'?: Value }
  }
  /** With `env` and the like, or the image alone. */
  readonly container?: WithEnv<Container> | Value
  readonly services?: MapOrExpression<{
    readonly [name: string]: WithEnv<ServiceContainer> | Value
  }>
  readonly snapshot?: AuthorType<NonNullable<StepsJob['snapshot']>>
  /** What jobs after it can read. */
  readonly outputs?: { readonly [Name in Output]: Value }
  readonly steps: readonly StepValue[]
}

/** What a person writes for a job that is another workflow. */
export interface CallSpec<Input extends string = string> extends AnyJobSpec {
  readonly with?: { readonly [Name in Input]?: Value }
  /** Its secrets by name; `inherit` gives all there are. */
  readonly secrets?: { readonly [name: string]: Value } | 'inherit'
}

/** A workflow that can be called: one of this stack, one of this repository, or a pinned one. */
export type Callable<Input extends string = string, Output extends string = string> =
  | WorkflowValue<Input, Output>
  | Pin
  | `./.github/workflows/${string}`
  | `$/.github/workflows/${string}`

/** A job as a value. It is its own reference: `needs: [build]`. */
export interface JobValue<Output extends string = string> {
  readonly kind: 'job'
  readonly id: string
  readonly spec: JobSpec | CallSpec
  /** The workflow that it is, where it is one. */
  readonly called?: Callable | undefined
  /** For jobs after it. */
  readonly outputs: { readonly [Name in Output]: Expression }
  /** `success`, `failure`, `cancelled` or `skipped`, for jobs after it. */
  readonly result: Expression
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A job. Safe unless said otherwise: ends after 30 minutes, and its token can do nothing but what
 * its steps are known to read.
 *
 * @throws UserError when the id cannot be one
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobs
 * @example
 * const build = job('build', {
 *   'runs-on': 'ubuntu-24.04',
 *   steps: [uses('actions/checkout'), run('make')],
 * })
 */
export function job<const Output extends string = never>(
  id: string,
  spec: JobSpec<Output>,
): JobValue<Output> {
  return created(id, spec as JobSpec, undefined, Object.keys(spec.outputs ?? {}), originOf(job))
}

/**
 * A job that is another workflow.
 *
 * @throws UserError when the id cannot be one
 * @example
 * call('scan', scan, { needs: [build], with: { digest: build.outputs.digest } })
 */
export function call<Input extends string = string, Output extends string = never>(
  id: string,
  called: Callable<Input, Output>,
  spec: CallSpec<NoInfer<Input>> = {},
): JobValue<Output> {
  const outputs = typeof called === 'object' && called.kind === 'workflow' ? called.outputs : []
  return created(id, spec as CallSpec, called as Callable, outputs, originOf(call))
}

const anyKeys = [
  'comment',
  'name',
  'needs',
  'if',
  'permissions',
  'concurrency',
  'strategy',
] as const

const jobKeys = [
  ...anyKeys,
  ...(['runs-on', 'timeout-minutes', 'cancel-timeout-minutes', 'continue-on-error'] as const),
  ...(['environment', 'env', 'defaults', 'container', 'services', 'snapshot'] as const),
  ...(['outputs', 'steps'] as const),
] satisfies (keyof JobSpec)[]

const callKeys = [...anyKeys, 'with', 'secrets'] satisfies (keyof CallSpec)[]

function created<Output extends string>(
  id: string,
  spec: JobSpec | CallSpec,
  called: Callable | undefined,
  outputs: readonly string[],
  origin: Origin,
): JobValue<Output> {
  validateId('job', id, origin)
  validateKeys(`job ${id}`, spec, called === undefined ? jobKeys : callKeys, origin)
  validateComment(`job ${id}`, spec.comment, origin)
  validatePermissions(`job ${id}`, spec.permissions, origin)
  validateList(`the needs of job ${id}`, spec.needs ?? [], 'job', origin)
  if (called === undefined) {
    validateList(`the steps of job ${id}`, (spec as JobSpec).steps, 'step', origin)
  }
  const reference = { kind: 'job' as const, id, value: {} as object }
  const of = (path: string): Expression => rawExpression(`needs.${id}.${path}`, [reference])
  const entries = outputs.map((name) => [name, of(`outputs.${validateId('output', name, origin)}`)])
  const value: JobValue<Output> = {
    kind: 'job',
    id,
    spec: Object.freeze(spec),
    called,
    outputs: Object.freeze(Object.fromEntries(entries)) as JobValue<Output>['outputs'],
    result: of('result'),
    [ORIGIN]: origin,
  }
  reference.value = value
  return Object.freeze(value)
}
