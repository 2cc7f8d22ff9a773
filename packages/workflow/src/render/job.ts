import { COMMENT, ORIGIN, type Origin, UserError } from '@erlmcp/core'
import type {
  CallJob,
  Environment,
  ExpressionText,
  Job,
  PermissionMap,
  StepsJob,
  Text,
} from '../document.ts'
import { requestsOf, unite } from '../lint/model/permissions.ts'
import { isExpression } from '../values/expression.ts'
import type { Callable, CallSpec, JobSpec, JobValue } from '../values/job.ts'
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

/** Minutes after which a job is cancelled unless it says otherwise; GitHub's own default is 360. */
const minutes = 30

/** A job as it stands in the file. The jobs that it needs are in `scope.needs`. */
export function renderJob(value: JobValue, outer: Scope): Job {
  const { strategy } = value.spec
  const matrix = isExpression(strategy) ? undefined : strategy?.matrix
  const scope = {
    ...outer,
    place: `job ${value.id}`,
    matrix: isExpression(matrix) ? undefined : matrix?.spec,
  }
  for (const need of value.spec.needs ?? []) scope.needs?.add(need)
  const node =
    value.called === undefined
      ? stepsJob(value.spec as JobSpec, scope, value[ORIGIN])
      : callJob(value.called, value.spec as CallSpec, scope, value[ORIGIN])
  const needs = [...(scope.needs ?? [])].map((one) => one.id)
  const { comment } = value.spec
  const whole = addUnknownKeys(
    needs.length > 0 ? { needs, ...node } : node,
    value.spec,
    scope,
    value[ORIGIN],
  )
  return Object.assign(whole, {
    [ORIGIN]: value[ORIGIN],
    ...(comment !== undefined && { [COMMENT]: comment }),
  })
}

function stepsJob(spec: JobSpec, scope: Scope, origin: Origin | undefined): StepsJob {
  const { steps, outputs, container, services, 'timeout-minutes': timeout = minutes } = spec
  if (steps.length === 0) {
    throw new UserError({
      message: `${scope.place} has no steps`,
      hint: 'Give it one, or call(…) a workflow.',
      origin,
    })
  }
  const after = { ...scope, steps: new Set([...scope.steps, ...eachStep(steps)]) }
  const rendered = renderSteps(steps, scope)
  const isOurs = spec.defaults?.run['working-directory'] === undefined
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
    ...(isFull(outputs) && { outputs: renderValues(outputs, 'the output', after, origin) }),
    steps: inFolder(rendered, isOurs ? scope.folder : ''),
  }
}

/** GitHub reads the name before the job begins, and the URL when its steps are done. */
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
  return steps.flatMap(({ body }) => [
    body,
    ...(body.kind === 'parallel' ? eachStep(body.steps) : []),
  ])
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

/** Nothing where there is nothing to grant: the workflow grants nothing. */
function permissions(given: PermissionMap): PermissionMap | undefined {
  const isEmpty = Object.keys(given).length === 0 && unknownKeysOf(given).length === 0
  return isEmpty ? undefined : given
}

function renderStrategy(
  strategy: NonNullable<JobSpec['strategy']>,
  scope: Scope,
  origin: Origin | undefined,
): unknown {
  // A matrix cannot be about itself.
  const outer = { ...scope, matrix: undefined }
  if (isExpression(strategy)) return renderData(strategy, outer, origin)
  const { matrix, ...rest } = strategy
  const data = isExpression(matrix) ? matrix : matrix?.spec
  return renderData({ ...rest, matrix: data }, outer, origin)
}

function callJob(
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
      with: renderValues(given, 'the input', scope, origin),
    }),
    ...(secrets !== undefined && {
      secrets: secrets === 'inherit' ? secrets : renderValues(secrets, 'the secret', scope, origin),
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

/** A called workflow can do no more than its caller grants: what its jobs ask for, together. */
function grantedBy(called: Callable, scope: Scope): PermissionMap | undefined {
  if (typeof called === 'object' && called.kind === 'pin') return undefined
  const file = typeof called === 'string' ? scope.called.read(called) : scope.fileOf(called)
  return file && permissions(unite(requestsOf(file, (uses) => scope.called.read(uses))))
}
