import type { Place } from './each-service.ts'
import type { Range } from './ports.ts'
import { resolve } from './resolve.ts'

const epmd: Range = [4369, 4369]

/** Whether a variable has the port on which the Erlang distribution listens. */
export function isDistributionPort(variable: string): boolean {
  return /(?:^|_)DIST(?:RIBUTION)?_PORT$/.test(variable)
}

/** The ports of the Erlang distribution of a service: of its mapper, and those it is told. */
export function distributionPorts({ environment, commandLine }: Place): readonly Range[] {
  const ports = [epmd]
  for (const { name, value } of environment) {
    if (value === null) continue
    if (isDistributionPort(name) || name.endsWith('_DISTRIBUTION_PORT_RANGE')) {
      const match = /^(\d+)(?:-(\d+))?$/.exec(resolve(value))
      if (match) ports.push([Number(match[1]), Number(match[2] ?? match[1])])
    } else if (name.startsWith('ERL_')) {
      ports.push(...fromFlags(resolve(value)))
    }
  }
  return [...ports, ...fromFlags(commandLine)]
}

/** `inet_dist_listen_min 9100 inet_dist_listen_max 9105`, or `-erl_epmd_port 9100`. */
function fromFlags(flags: string): Range[] {
  if (!flags.includes('dist') && !flags.includes('erl_epmd_port')) return []
  const first = /(?:inet_dist_listen_min|-erl_epmd_port)\s+(\d+)/.exec(flags)?.[1]
  if (first === undefined) return []
  const last = /inet_dist_listen_max\s+(\d+)/.exec(flags)?.[1] ?? first
  return [[Number(first), Number(last)]]
}
