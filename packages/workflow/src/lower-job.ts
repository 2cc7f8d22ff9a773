import { ORIGIN, type Origin, UserError } from '@erlmcp/core'
import { checkCall } from './check-call.ts'
import type { CallJob, Job, Permissions, StepsJob } from './document.ts'
import { isExpression } from './expression.ts'
import type { Callable, CallSpec, JobSpec, JobValue } from './job.ts'
import { inFolder, lowerSteps, lowerUses, plainReference, readBy } from './lower-step.ts'
import type { MatrixValue } from './matrix.ts'
import {
  check,
  lowerData,
  lowerEnv,
  lowerIf,
  lowerValue,
  lowerValues,
  type Scope,
} from './scope.ts'

/** Minutes after which a job is cancelled unless it says otherwise; GitHub's own default is 360. */
const minutes = 30

/** A job as it stands in the file. The jobs that it needs are in `scope.needs`. */
export function lowerJob(value: JobValue, outer: Scope): Job {
  const { strategy } = value.spec
  const matrix = strategy && !isExpression(strategy.matrix) ? strategy.matrix : undefined
  const scope = { ...outer, place: `job ${value.id}`, matrix: matrix?.spec }
  for (const need of value.spec.needs ?? []) scope.needs?.add(need)
  const node =
    value.called === undefined
      ? stepsJob(value.spec as JobSpec, scope, value[ORIGIN])
      : callJob(value.called, value.spec as CallSpec, scope, value[ORIGIN])
  const needs = [...(scope.needs ?? [])].map((one) => one.id)
  return Object.assign(needs.length > 0 ? { needs, ...node } : node, { [ORIGIN]: value[ORIGIN] })
}

function stepsJob(spec: JobSpec, scope: Scope, origin: Origin | undefined): StepsJob {
  const { steps, outputs, container, services, 'timeout-minutes': timeout = minutes } = spec
  if (steps.length === 0) {
    throw new UserError({
      what: `${scope.place} has no steps`,
      help: 'Give it one, or call(…) a workflow.',
      origin,
    })
  }
  const after = new Set([...scope.steps, ...eachStep(steps)])
  const lowered = lowerSteps(steps, scope)
  const isOurs = spec.defaults?.run['working-directory'] === undefined
  return {
    ...anyJob(spec, scope, origin, permissions(spec.permissions ?? readBy(steps))),
    'runs-on': lowerData(spec['runs-on'], scope, origin) as StepsJob['runs-on'],
    'timeout-minutes': lowerValue(timeout, scope, origin) as number,
    ...(lowerData(pick(spec, plainKeys), scope, origin) as object),
    ...(spec.env && { env: lowerEnv(spec.env, scope, origin) }),
    ...(container && { container: lowerContainer(container, scope, origin) }),
    ...(services && {
      services: Object.fromEntries(
        Object.entries(services).map(([name, one]) => [name, lowerContainer(one, scope, origin)]),
      ),
    }),
    ...(outputs && {
      outputs: lowerValues(outputs, 'the output', { ...scope, steps: after }, origin),
    }),
    steps: inFolder(lowered, isOurs ? scope.folder : ''),
  }
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
  return env ? { ...plain, env: lowerEnv(env, scope, origin) } : plain
}

const plainKeys = [
  ...(['cancel-timeout-minutes', 'continue-on-error', 'environment', 'defaults'] as const),
  'snapshot',
] as const

function pick(spec: JobSpec, keys: readonly (keyof JobSpec)[]): object {
  return Object.fromEntries(keys.filter((key) => key in spec).map((key) => [key, spec[key]]))
}

function eachStep(steps: JobSpec['steps']): object[] {
  return steps.flatMap(({ what }) => [
    what,
    ...(what.kind === 'parallel' ? eachStep(what.steps) : []),
  ])
}

function anyJob(
  spec: JobSpec | CallSpec,
  scope: Scope,
  origin: Origin | undefined,
  granted: Permissions | undefined,
): object {
  const { name, if: condition, strategy, concurrency } = spec
  return {
    ...(name !== undefined && { name: lowerValue(name, scope, origin) }),
    ...(condition !== undefined && { if: lowerIf(condition, scope, origin) }),
    ...(granted && { permissions: granted }),
    ...(concurrency && { concurrency: lowerData(concurrency, scope, origin) }),
    ...(strategy && { strategy: lowerStrategy(strategy, scope, origin) }),
  }
}

/** Nothing where there is nothing to grant: the workflow grants nothing. */
function permissions(given: Permissions): Permissions | undefined {
  return Object.keys(given).length === 0 ? undefined : given
}

function lowerStrategy(
  { matrix, ...rest }: NonNullable<JobSpec['strategy']>,
  scope: Scope,
  origin: Origin | undefined,
): object {
  // A matrix cannot be about itself.
  const outer = { ...scope, matrix: undefined }
  if (isExpression(matrix)) check(matrix, outer, origin)
  const data = isExpression(matrix) ? matrix : (matrix as MatrixValue).spec
  return { ...(lowerData(rest, outer, origin) as object), matrix: lowerData(data, outer, origin) }
}

function callJob(
  called: Callable,
  spec: CallSpec,
  scope: Scope,
  origin: Origin | undefined,
): CallJob {
  const { with: given = {}, secrets } = spec
  return {
    ...anyJob(spec, scope, origin, spec.permissions ?? grantedBy(called)),
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
  if (typeof called === 'string') return { uses: plainReference(called, origin) }
  if (called.kind === 'pin') return lowerUses(called, scope, origin)
  scope.sources.add(called)
  checkCall(called, spec, origin)
  return { uses: `$/${called.path}` }
}

/** A called workflow can do no more than its caller grants: what its jobs ask for, together. */
function grantedBy(called: Callable): Permissions | undefined {
  if (typeof called === 'string' || called.kind === 'pin') return undefined
  return permissions(called.permissions)
}
