import { memoize, type PortRange } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { eachService, type Place } from './each-service.ts'
import { variables } from './occurrences.ts'
import { rangeOf } from './ports.ts'
import { resolve } from './resolve.ts'

const none: readonly PortRange[] = []

const epmd: readonly PortRange[] = [[4369, 4369]]

/** Whether a variable has the port on which the Erlang distribution listens. */
export function isDistributionPort(variable: string): boolean {
  return variable.endsWith('DIST_PORT') || variable.endsWith('DISTRIBUTION_PORT')
}

/** The ports of the Erlang distribution of a service: that of epmd, and the configured ones. */
export function distributionPorts(file: ComposeFile, place: Place): readonly PortRange[] {
  return configuredPorts(file).get(place) ?? epmd
}

/** The services with configured distribution ports. */
const configuredPorts = memoize((file: ComposeFile): ReadonlyMap<Place, readonly PortRange[]> => {
  const found = new Map<Place, readonly PortRange[]>()
  const add = (place: Place, ports: readonly PortRange[]) => {
    if (ports.length > 0) found.set(place, [...(found.get(place) ?? epmd), ...ports])
  }
  for (const [name, uses] of variables(file)) {
    const isPort = isDistributionPort(name) || name.endsWith('_DISTRIBUTION_PORT_RANGE')
    if (!isPort && !name.startsWith('ERL_')) continue
    for (const { place, entry } of uses) {
      const value = resolve(entry.value)
      const port = isPort ? rangeOf(value) : undefined
      add(place, isPort ? (port ? [port] : none) : fromFlags(value))
    }
  }
  for (const place of eachService(file)) add(place, fromFlags(place.commandLine))
  return found
})

/** `inet_dist_listen_min 9100 inet_dist_listen_max 9105`, or `-erl_epmd_port 9100`. */
function fromFlags(flags: string): readonly PortRange[] {
  if (!flags.includes('inet_dist') && !flags.includes('erl_epmd_port')) return none
  const first = /(?:inet_dist_listen_min|-erl_epmd_port)\s+(\d+)/.exec(flags)?.[1]
  if (first === undefined) return none
  const last = /inet_dist_listen_max\s+(\d+)/.exec(flags)?.[1] ?? first
  return [[Number(first), Number(last)]]
}
