import { type Origin, UserError } from '@erlmcp/core'
import type { ServiceValue } from '../../schema/author.gen.ts'
import type { CommonOptions } from '../extras.ts'

/** What every service of the monitoring takes. */
export type MonitoringOptions = Omit<CommonOptions, 'password'>

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

/** @throws UserError for another command, which would start the server without its configuration */
export function validateExtras(
  program: string,
  { extras = {} }: MonitoringOptions,
  origin: Origin,
): void {
  const replaced = (['command', 'entrypoint'] as const).find((key) => extras[key] !== undefined)
  if (replaced === undefined) return
  throw new UserError({
    message: `extras.${replaced} would start ${program} without its configuration`,
    hint: 'Remove it; for another server, write service(…).',
    origin,
  })
}

/** The names of the networks that a service is in, where it says so. */
function networksOf({ spec }: ServiceValue): readonly string[] | undefined {
  if (spec.network_mode !== undefined) return undefined
  const names = (spec.networks ?? []).map((one) => ('value' in one ? one.value : one).name)
  return names.length === 0 ? ['default'] : names
}

/** Refuses two services of which one shall reach the other, and that meet nowhere. */
export function validateSharedNetwork(
  one: ServiceValue,
  other: ServiceValue,
  origin: Origin,
): void {
  const own = networksOf(one)
  const networks = networksOf(other)
  if (own === undefined || networks === undefined) return
  if (networks.some((network) => own.includes(network))) return
  const { name } = other
  throw new UserError({
    message: `${one.name} and ${name} do not share a network`,
    hint: `Attach both to one, such as networks: [monitoring]. ${one.name} is in ${own.join(', ')}; ${name} is in ${networks.join(', ')}.`,
    origin,
  })
}
