import { noticedAfter, type ServiceSpec } from '@erlmcp/compose'
import { originOf, parseDuration, schema, UserError, validateOptions } from '@erlmcp/core'

type Deploy = NonNullable<ServiceSpec['deploy']>
type Update = NonNullable<Deploy['update_config']>

export interface RollingUpdateOptions {
  /**
   * That of the service, which `monitor` is reckoned from. Default: Docker's own, three checks of half
   * a minute.
   */
  readonly healthcheck?: ServiceSpec['healthcheck']
  /** Tasks replaced at a time. Default: 1. */
  readonly parallelism?: number
  /** Duration between two of them. Default: `10s`, for a load balancer to take notice. */
  readonly delay?: Update['delay']
  /**
   * Duration after a task is healthy in which its failure still ends the update. Default: as long as the
   * healthcheck may need to notice one, and five seconds.
   */
  readonly monitor?: Update['monitor']
  /**
   * Default: `start-first`: there are never fewer than all. What two cannot have at once, such as a
   * local volume or a port in `mode: host`, takes `stop-first`.
   */
  readonly order?: 'start-first' | 'stop-first'
}

/** What `deploy` says of updates. */
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
 * Updates task by task, for `deploy` of a service in a swarm. A task that does not become healthy, or
 * fails within `monitor`, turns all back: no failure is tolerated. `erlmcp swarm deploy` says so with
 * its exit code.
 *
 * @throws UserError for a `monitor` that is over before the healthcheck can say no
 * @see https://docs.docker.com/reference/compose-file/deploy/#update_config
 * @example
 * override(app, { deploy: { ...rollingUpdate({ healthcheck: app.spec.healthcheck }) } })
 */
export function rollingUpdate(options: RollingUpdateOptions = {}): RollingUpdate {
  const origin = originOf(rollingUpdate)
  validateOptions('rollingUpdate', options, optionsSchema, origin)
  const { healthcheck = {}, parallelism = 1, delay = '10s', order = 'start-first' } = options
  const noticed = noticedAfter(plainOf(healthcheck))
  if (options.monitor === undefined && noticed === undefined) {
    throw new UserError({
      message:
        'how long the healthcheck needs is said by variables, so no monitor can be reckoned from it',
      hint: "Say it: rollingUpdate({ monitor: '90s' }).",
      origin,
    })
  }
  const monitor = options.monitor ?? (`${Math.ceil(noticed! / 1000) + 5}s` as const)
  const said = typeof monitor === 'string' ? parseDuration(monitor) : undefined
  if (said !== undefined && noticed !== undefined && said < noticed && options.healthcheck) {
    throw new UserError({
      message: `monitor is ${said / 1000} s, and the healthcheck may need ${noticed / 1000} s to notice a failure`,
      hint: 'Make it longer, or check more often.',
      origin,
    })
  }
  const common = { parallelism, delay, monitor, order, max_failure_ratio: 0 }
  return Object.freeze({
    update_config: { ...common, failure_action: 'rollback' },
    // Back to what ran: there is nothing further to go back to.
    rollback_config: { ...common, failure_action: 'pause' },
  } as const)
}

type Check = NonNullable<ServiceSpec['healthcheck']>

/** With text alone; what a variable says is no duration. */
function plainOf({ interval, timeout, retries }: Check): Parameters<typeof noticedAfter>[0] {
  const text = (value: unknown) => (typeof value === 'object' ? '' : String(value))
  return {
    ...(interval !== undefined && { interval: text(interval) }),
    ...(timeout !== undefined && { timeout: text(timeout) }),
    ...(retries !== undefined && { retries: typeof retries === 'object' ? NaN : Number(retries) }),
  }
}
