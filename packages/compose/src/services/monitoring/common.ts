import { type Origin, UserError } from '@erlmcp/core'
import type { CommonOptions } from '../extras.ts'

/** What every service of the monitoring takes. */
export type MonitoringOptions = Omit<CommonOptions, 'password'>

/** The user `nobody` of the images of Prometheus. */
export const nobody = '65534:65534'

/** A healthcheck for a server that is there within seconds. */
export function health(test: readonly string[]) {
  return {
    test: ['CMD', ...test],
    interval: '10s',
    timeout: '5s',
    retries: 3,
    start_period: '1m',
    start_interval: '1s',
  } as const
}

/** Refuses an own command, which would start the server without its files or its safety. */
export function refuseReplaced(
  what: string,
  { extras = {} }: MonitoringOptions,
  origin: Origin,
): void {
  const replaced = (['command', 'entrypoint'] as const).find((key) => extras[key] !== undefined)
  if (replaced === undefined) return
  throw new UserError({
    what: `extras.${replaced} would start ${what} without its configuration`,
    help: 'Leave it out; for a server of your own, write service(…).',
    origin,
  })
}
