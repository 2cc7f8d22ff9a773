import type { Place } from './each-service.ts'
import { type Range, rangeOf } from './ports.ts'
import { resolve } from './resolve.ts'

const none: readonly Range[] = []

// epmd, the port mapper.
const mapper: readonly Range[] = [[4369, 4369]]

/** Whether a variable has the port on which the Erlang distribution listens. */
export function isDistributionPort(variable: string): boolean {
  return variable.endsWith('DIST_PORT') || variable.endsWith('DISTRIBUTION_PORT')
}

/** The ports of the Erlang distribution of a service: of its mapper, and those it is told. */
export function distributionPorts({ environment, commandLine }: Place): readonly Range[] {
  // Most services have no more than the mapper's, and nothing is copied for them.
  let ports = mapper
  for (const { name, value } of environment) {
    if (value === null) continue
    if (isDistributionPort(name) || name.endsWith('_DISTRIBUTION_PORT_RANGE')) {
      const range = rangeOf(resolve(value))
      if (range) ports = [...ports, range]
    } else if (name.startsWith('ERL_')) {
      ports = [...ports, ...fromFlags(resolve(value))]
    }
  }
  const told = fromFlags(commandLine)
  return told.length === 0 ? ports : [...ports, ...told]
}

/** `inet_dist_listen_min 9100 inet_dist_listen_max 9105`, or `-erl_epmd_port 9100`. */
function fromFlags(flags: string): readonly Range[] {
  if (!flags.includes('inet_dist') && !flags.includes('erl_epmd_port')) return none
  const first = /(?:inet_dist_listen_min|-erl_epmd_port)\s+(\d+)/.exec(flags)?.[1]
  if (first === undefined) return none
  const last = /inet_dist_listen_max\s+(\d+)/.exec(flags)?.[1] ?? first
  return [[Number(first), Number(last)]]
}
