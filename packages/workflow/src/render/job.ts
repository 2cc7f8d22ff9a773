import { COMMENT, ORIGIN, type Origin, UserError } from '@erlmcp/core'
import { requestsOf, unitePermissions } from '../model/permissions.ts'
import type { CallSpec, JobSpec } from '../schema/author.gen.ts'
import type {
  CallJob,
  Environment,
  ExpressionText,
  Job,
  PermissionMap,
  StepsJob,
  Text,
} from '../schema/document.gen.ts'
import { isExpression } from '../values/expression.ts'
import type { Callable } from '../values/job.ts'
import { bodyOf } from '../values/step.ts'
import type { JobValue } from '../values/value-types.ts'
import { unknownKeysOf } from '../values/with-unknown-keys.ts'
import {
  addUnknownKeys,
  isFull,
  renderData,
  renderEnv,
  renderIf,
  renderValue,
  renderValues,
  type Scope,
  validatePlainText,
} from './scope.ts'
import { inFolder, plainReference, readBy, renderSteps, renderUses } from './step.ts'
import { validateCall } from './validate-call.ts'

/** Minutes until a job is cancelled, where its author sets none; GitHub's own default is 360. */
const defaultTimeout = 30

/** A job as the file has it. The jobs that it needs are added to `scope.needs`. */
export function renderJob(value: JobValue, outer: Scope): Job {
  const spec = value.spec as JobSpec | CallSpec
  const { strategy } = spec
  const matrix = isExpression(strategy) ? undefined : strategy?.matrix
  const scope = {
    ...outer,
    place: `job ${value.id}`,
    matrix: isExpression(matrix) ? undefined : matrix?.spec,
  }
  for (const need of spec.needs ?? []) scope.needs?.add(need)
  const node =
    value.called === undefined
      ? renderStepsJob(spec as JobSpec, scope, value[ORIGIN])
      : renderCallJob(value.called as Callable, spec as CallSpec, scope, value[ORIGIN])
  const needs = [...(scope.needs ?? [])].map((one) => one.id)
  const { comment } = spec
  const whole = addUnknownKeys(
    needs.length > 0 ? { needs, ...node } : node,
    spec,
    scope,
    value[ORIGIN],
  )
  return Object.assign(whole, {
    [ORIGIN]: value[ORIGIN],
    ...(comment !== undefined && { [COMMENT]: comment }),
  })
}

function renderStepsJob(spec: JobSpec, scope: Scope, origin: Origin | undefined): StepsJob {
  const { steps, outputs, container, services, 'timeout-minutes': timeout = defaultTimeout } = spec
  if (steps.length === 0) {
    throw new UserError({
      message: `${scope.place} has no steps`,
      hint: 'Add a step, or call a workflow with call(…).',
      origin,
    })
  }
  const after = { ...scope, steps: new Set([...scope.steps, ...eachStep(steps)]) }
  const rendered = renderSteps(steps, scope)
  const isDefault = spec.defaults?.run?.['working-directory'] === undefined
  return {
    ...anyJob(spec, scope, origin, permissions(spec.permissions ?? readBy(steps))),
    'runs-on': renderData(spec['runs-on'], scope, origin) as StepsJob['runs-on'],
    'timeout-minutes': renderValue(timeout, scope, origin) as number,
    ...(renderData(pick(spec, plainKeys), scope, origin) as object),
    ...(isFull(spec.defaults?.run) && {
      defaults: renderData(spec.defaults, scope, origin) as NonNullable<StepsJob['defaults']>,
    }),
    ...(spec.environment !== undefined && {
      environment: renderEnvironment(spec.environment, scope, after, origin),
    }),
    ...(isFull(spec.env) && { env: renderEnv(spec.env, scope, origin) }),
    ...(container && { container: renderContainer(container, scope, origin) }),
    ...(isFull(services) && { services: renderServices(services, scope, origin) }),
    ...(isFull(outputs) && { outputs: renderValues(outputs, after, origin) }),
    steps: inFolder(rendered, isDefault ? scope.folder : ''),
  }
}

/** GitHub evaluates the name before the job starts, and the URL after its steps. */
function renderEnvironment(
  environment: NonNullable<JobSpec['environment']>,
  scope: Scope,
  after: Scope,
  origin: Origin | undefined,
): Text | Environment {
  if (typeof environment !== 'object' || 'kind' in environment) {
    return renderValue(environment, scope, origin)
  }
  const { url, ...rest } = environment
  const plain = renderData(rest, scope, origin) as Environment
  return url === undefined || url === null
    ? plain
    : { ...plain, url: renderValue(url, after, origin) }
}

function renderServices(
  services: NonNullable<JobSpec['services']>,
  scope: Scope,
  origin: Origin | undefined,
): NonNullable<StepsJob['services']> {
  if (isExpression(services)) return renderData(services, scope, origin) as ExpressionText
  const entries = Object.entries(services).map(([name, one]) => {
    validatePlainText(name, origin)
    return [name, renderContainer(one, scope, origin)] as const
  })
  return Object.fromEntries(entries)
}

function renderContainer(
  container: NonNullable<JobSpec['container']>,
  scope: Scope,
  origin: Origin | undefined,
): string | object {
  if (typeof container !== 'object' || 'kind' in container) {
    return String(renderValue(container, scope, origin))
  }
  const { env, ...rest } = container
  const plain = renderData(rest, scope, origin) as object
  return isFull(env) ? { ...plain, env: renderEnv(env, scope, origin) } : plain
}

const plainKeys = [
  ...(['cancel-timeout-minutes', 'continue-on-error'] as const),
  'snapshot',
] as const

function pick(spec: JobSpec, keys: readonly (keyof JobSpec)[]): object {
  return Object.fromEntries(keys.filter((key) => key in spec).map((key) => [key, spec[key]]))
}

function eachStep(steps: JobSpec['steps']): object[] {
  return steps
    .map(bodyOf)
    .flatMap((body) => [body, ...(body.kind === 'parallel' ? eachStep(body.steps) : [])])
}

function anyJob(
  spec: JobSpec | CallSpec,
  scope: Scope,
  origin: Origin | undefined,
  granted: PermissionMap | undefined,
): object {
  const { name, if: condition, strategy, concurrency } = spec
  return {
    ...(name !== undefined && { name: renderValue(name, scope, origin) }),
    ...(condition !== undefined && { if: renderIf(condition, scope, origin) }),
    ...(granted && { permissions: addUnknownKeys(granted, spec.permissions, scope, origin) }),
    ...(concurrency && { concurrency: renderData(concurrency, scope, origin) }),
    ...(isFull(strategy) && { strategy: renderStrategy(strategy, scope, origin) }),
  }
}

/** Undefined where there is nothing to grant: the workflow grants nothing. */
function permissions(given: PermissionMap): PermissionMap | undefined {
  const isEmpty = Object.keys(given).length === 0 && unknownKeysOf(given).length === 0
  return isEmpty ? undefined : given
}

function renderStrategy(
  strategy: NonNullable<JobSpec['strategy']>,
  scope: Scope,
  origin: Origin | undefined,
): unknown {
  // A matrix cannot refer to itself.
  const outer = { ...scope, matrix: undefined }
  if (isExpression(strategy)) return renderData(strategy, outer, origin)
  const { matrix, ...rest } = strategy
  const data = isExpression(matrix) ? matrix : matrix?.spec
  return renderData({ ...rest, matrix: data }, outer, origin)
}

function renderCallJob(
  called: Callable,
  spec: CallSpec,
  scope: Scope,
  origin: Origin | undefined,
): CallJob {
  const { with: given = {}, secrets } = spec
  return {
    ...anyJob(spec, scope, origin, spec.permissions ?? grantedBy(called, scope)),
    ...(callee(called, spec, scope, origin) as { uses: string }),
    ...(Object.keys(given).length > 0 && {
      with: renderValues(given, scope, origin),
    }),
    ...(secrets !== undefined && {
      secrets: secrets === 'inherit' ? secrets : renderValues(secrets, scope, origin),
    }),
  }
}

function callee(
  called: Callable,
  spec: CallSpec,
  scope: Scope,
  origin: Origin | undefined,
): object {
  if (typeof called === 'string') {
    const reference = plainReference(called, origin)
    scope.called.read(reference)
    return { uses: reference }
  }
  if (called.kind === 'pin') return renderUses(called, scope, origin)
  scope.sources.add(called)
  validateCall(called, spec, origin)
  return { uses: `${scope.local}${called.path}` }
}

/** A called workflow needs from its caller what its jobs ask for, together. */
function grantedBy(called: Callable, scope: Scope): PermissionMap | undefined {
  if (typeof called === 'object' && called.kind === 'pin') return undefined
  const file = typeof called === 'string' ? scope.called.read(called) : scope.fileOf(called)
  return file && permissions(unitePermissions(requestsOf(file, (uses) => scope.called.read(uses))))
}
