import { type ServiceSpec, unhealthyAfter } from '@erlmcp/compose'
import { originOf, parseDuration, schema, UserError, validateOptions } from '@erlmcp/core'

type Deploy = NonNullable<ServiceSpec['deploy']>
type Update = NonNullable<Deploy['update_config']>

export interface RollingUpdateOptions {
  /**
   * Healthcheck of the service, from which `monitor` is computed. Default: three checks, 30 seconds each,
   * as Docker has.
   */
  readonly healthcheck?: ServiceSpec['healthcheck']
  /** Tasks replaced at a time. Default: 1. */
  readonly parallelism?: number
  /** Duration between two of them. Default: `10s`, for load balancers to notice. */
  readonly delay?: Update['delay']
  /**
   * Duration for which the failure of an updated task fails the update. Default: the time that the
   * healthcheck needs to notice a failure, and five seconds.
   */
  readonly monitor?: Update['monitor']
  /**
   * Default: `start-first`, so that all replicas run at any time. Use `stop-first` for what two tasks
   * cannot share, such as a local volume or a port in `mode: host`.
   */
  readonly order?: 'start-first' | 'stop-first'
}

/** Keys of `deploy` for updates. */
export type RollingUpdate = {
  readonly update_config: Update
  readonly rollback_config: Update
}

const { anyObject, kind, number, object, string, union } = schema

const optionsSchema = object<RollingUpdateOptions>({
  healthcheck: anyObject,
  parallelism: number,
  delay: union(string, kind('interpolation')),
  monitor: union(string, kind('interpolation')),
  order: string,
})

/**
 * Keys of `deploy` for updates task by task. A task that does not become healthy, or fails within
 * `monitor`, rolls the whole update back: no failure is tolerated. `erlmcp swarm deploy` then exits 1.
 *
 * @throws UserError for a `monitor` that is shorter than the healthcheck needs to notice a failure
 * @see https://docs.docker.com/reference/compose-file/deploy/#update_config
 * @example
 * override(app, { deploy: { ...rollingUpdate({ healthcheck: app.spec.healthcheck }) } })
 */
export function rollingUpdate(options: RollingUpdateOptions = {}): RollingUpdate {
  const origin = originOf(rollingUpdate)
  validateOptions('rollingUpdate', options, optionsSchema, origin)
  const { healthcheck = {}, parallelism = 1, delay = '10s', order = 'start-first' } = options
  const noticed = unhealthyAfter(literalTimes(healthcheck))
  if (options.monitor === undefined && noticed === undefined) {
    throw new UserError({
      message: 'cannot compute `monitor`: the timing of the healthcheck uses variables',
      hint: "Set it explicitly: rollingUpdate({ monitor: '90s' }).",
      origin,
    })
  }
  const monitor = options.monitor ?? (`${Math.ceil(noticed! / 1000) + 5}s` as const)
  const reply = typeof monitor === 'string' ? parseDuration(monitor) : undefined
  if (reply !== undefined && noticed !== undefined && reply < noticed && options.healthcheck) {
    throw new UserError({
      message: `monitor: expected at least ${noticed / 1000} s, which the healthcheck needs to notice a failure, got ${reply / 1000} s`,
      hint: 'Increase it, or decrease the interval of the healthcheck.',
      origin,
    })
  }
  const common = { parallelism, delay, monitor, order, max_failure_ratio: 0 }
  return Object.freeze({
    update_config: { ...common, failure_action: 'rollback' },
    // A rollback cannot be rolled back.
    rollback_config: { ...common, failure_action: 'pause' },
  } as const)
}

type Check = NonNullable<ServiceSpec['healthcheck']>

/** Keeps literal values: a variable is not known here. */
function literalTimes({ interval, timeout, retries }: Check): Parameters<typeof unhealthyAfter>[0] {
  const text = (value: unknown) => (typeof value === 'object' ? '' : String(value))
  return {
    ...(interval !== undefined && { interval: text(interval) }),
    ...(timeout !== undefined && { timeout: text(timeout) }),
    ...(retries !== undefined && { retries: typeof retries === 'object' ? NaN : Number(retries) }),
  }
}
