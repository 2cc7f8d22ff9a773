import { COMMENT, ORIGIN, type Origin, UserError } from '@erlmcp/core'
import { checkCall } from './check-call.ts'
import type {
  CallJob,
  Environment,
  ExpressionText,
  Job,
  PermissionMap,
  StepsJob,
  Text,
} from './document.ts'
import { isExpression } from './expression.ts'
import type { Callable, CallSpec, JobSpec, JobValue } from './job.ts'
import { inFolder, lowerSteps, lowerUses, plainReference, readBy } from './lower-step.ts'
import { requestsOf, unite } from './rights.ts'
import {
  addUnchecked,
  checkPlain,
  isFull,
  lowerData,
  lowerEnv,
  lowerIf,
  lowerValue,
  lowerValues,
  type Scope,
} from './scope.ts'
import { uncheckedKeys } from './unchecked.ts'

/** Minutes after which a job is cancelled unless it says otherwise; GitHub's own default is 360. */
const minutes = 30

/** A job as it stands in the file. The jobs that it needs are in `scope.needs`. */
export function lowerJob(value: JobValue, outer: Scope): Job {
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
  const whole = addUnchecked(
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
  const lowered = lowerSteps(steps, scope)
  const isOurs = spec.defaults?.run['working-directory'] === undefined
  return {
    ...anyJob(spec, scope, origin, permissions(spec.permissions ?? readBy(steps))),
    'runs-on': lowerData(spec['runs-on'], scope, origin) as StepsJob['runs-on'],
    'timeout-minutes': lowerValue(timeout, scope, origin) as number,
    ...(lowerData(pick(spec, plainKeys), scope, origin) as object),
    ...(isFull(spec.defaults?.run) && {
      defaults: lowerData(spec.defaults, scope, origin) as NonNullable<StepsJob['defaults']>,
    }),
    ...(spec.environment !== undefined && {
      environment: lowerEnvironment(spec.environment, scope, after, origin),
    }),
    ...(isFull(spec.env) && { env: lowerEnv(spec.env, scope, origin) }),
    ...(container && { container: lowerContainer(container, scope, origin) }),
    ...(isFull(services) && { services: lowerServices(services, scope, origin) }),
    ...(isFull(outputs) && { outputs: lowerValues(outputs, 'the output', after, origin) }),
    steps: inFolder(lowered, isOurs ? scope.folder : ''),
  }
}

/** GitHub reads the name before the job begins, and the URL when its steps are done. */
function lowerEnvironment(
  environment: NonNullable<JobSpec['environment']>,
  scope: Scope,
  after: Scope,
  origin: Origin | undefined,
): Text | Environment {
  if (typeof environment !== 'object' || 'kind' in environment) {
    return lowerValue(environment, scope, origin)
  }
  const { url, ...rest } = environment
  const plain = lowerData(rest, scope, origin) as Environment
  return url === undefined || url === null
    ? plain
    : { ...plain, url: lowerValue(url, after, origin) }
}

function lowerServices(
  services: NonNullable<JobSpec['services']>,
  scope: Scope,
  origin: Origin | undefined,
): NonNullable<StepsJob['services']> {
  if (isExpression(services)) return lowerData(services, scope, origin) as ExpressionText
  const entries = Object.entries(services).map(([name, one]) => {
    checkPlain(name, origin)
    return [name, lowerContainer(one, scope, origin)] as const
  })
  return Object.fromEntries(entries)
}

function lowerContainer(
  container: NonNullable<JobSpec['container']>,
  scope: Scope,
  origin: Origin | undefined,
): string | object {
  if (typeof container !== 'object' || 'kind' in container) {
    return String(lowerValue(container, scope, origin))
  }
  const { env, ...rest } = container
  const plain = lowerData(rest, scope, origin) as object
  return isFull(env) ? { ...plain, env: lowerEnv(env, scope, origin) } : plain
}

const plainKeys = [
  ...(['cancel-timeout-minutes', 'continue-on-error'] as const),
  'snapshot',
] as const

function pick(spec: JobSpec, keys: readonly (keyof JobSpec)[]): object {
  return Object.fromEntries(keys.filter((key) => key in spec).map((key) => [key, spec[key]]))
}

function eachStep(steps: JobSpec['steps']): object[] {
  return steps.flatMap(({ message }) => [
    message,
    ...(message.kind === 'parallel' ? eachStep(message.steps) : []),
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
    ...(name !== undefined && { name: lowerValue(name, scope, origin) }),
    ...(condition !== undefined && { if: lowerIf(condition, scope, origin) }),
    ...(granted && { permissions: addUnchecked(granted, spec.permissions, scope, origin) }),
    ...(concurrency && { concurrency: lowerData(concurrency, scope, origin) }),
    ...(isFull(strategy) && { strategy: lowerStrategy(strategy, scope, origin) }),
  }
}

/** Nothing where there is nothing to grant: the workflow grants nothing. */
function permissions(given: PermissionMap): PermissionMap | undefined {
  const isEmpty = Object.keys(given).length === 0 && uncheckedKeys(given).length === 0
  return isEmpty ? undefined : given
}

function lowerStrategy(
  strategy: NonNullable<JobSpec['strategy']>,
  scope: Scope,
  origin: Origin | undefined,
): unknown {
  // A matrix cannot be about itself.
  const outer = { ...scope, matrix: undefined }
  if (isExpression(strategy)) return lowerData(strategy, outer, origin)
  const { matrix, ...rest } = strategy
  const data = isExpression(matrix) ? matrix : matrix?.spec
  return lowerData({ ...rest, matrix: data }, outer, origin)
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
      with: lowerValues(given, 'the input', scope, origin),
    }),
    ...(secrets !== undefined && {
      secrets: secrets === 'inherit' ? secrets : lowerValues(secrets, 'the secret', scope, origin),
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
  if (called.kind === 'pin') return lowerUses(called, scope, origin)
  scope.sources.add(called)
  checkCall(called, spec, origin)
  return { uses: `${scope.local}${called.path}` }
}

/** A called workflow can do no more than its caller grants: what its jobs ask for, together. */
function grantedBy(called: Callable, scope: Scope): PermissionMap | undefined {
  if (typeof called === 'object' && called.kind === 'pin') return undefined
  const file = typeof called === 'string' ? scope.called.read(called) : scope.fileOf(called)
  return file && permissions(unite(requestsOf(file, (uses) => scope.called.read(uses))))
}
