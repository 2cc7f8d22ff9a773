import { isTraffic, type Traffic } from '@erlmcp/cluster'
import type { Deployment, ShiftOptions, TrafficReport } from '@erlmcp/cluster/run'
import { printable, UserError } from '@erlmcp/core'
import type { Arguments } from '../../command-line/command.ts'
import {
  defined,
  flag,
  format,
  out,
  project,
  seconds,
  stack,
  text,
} from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { type Output, printJson } from '../../output.ts'
import { openProject } from '../../stack/project.ts'

/** Options that name a deployment with two versions. */
export const trafficOptions = {
  stack,
  name: text('NAME', 'the deployment, if the stack has several'),
  file: text(
    'FILE',
    'compose file. Default: docker-compose.bluegreen.yml or docker-compose.canary.yml',
  ),
  project,
  out,
  format,
}

/** Options of commands that shift requests. */
export const shiftOptions = {
  wait: seconds('how long a version may take to become ready', 60),
  stop: flag('stop the version that receives no requests any more'),
  grace: seconds('how long its last requests may take before it is stopped', 10),
  ...trafficOptions,
}

export function shiftOf({ options: { wait, stop, grace } }: Arguments<typeof shiftOptions>) {
  return { seconds: wait, grace, stop } satisfies ShiftOptions
}

interface TrafficDeployment {
  readonly traffic: Traffic
  readonly deployment: Deployment
}

/** @throws UserError unless the options name exactly one deployment of the pattern */
export async function findTraffic(
  args: Arguments<typeof trafficOptions>,
  output: Output,
  pattern?: Traffic['pattern'],
): Promise<TrafficDeployment> {
  const { name, project } = args.options
  const { stack, root } = await openProject(args, output, {
    has: ({ sources }) => sources.some(isTraffic),
  })
  const all = stack.sources.filter(isTraffic)
  const matching = all.filter(
    (one) =>
      (pattern === undefined || one.pattern === pattern) &&
      (name === undefined || one.name === name),
  )
  const [traffic] = matching
  if (traffic === undefined || matching.length > 1) throw notOne(all, matching, name, pattern)
  const file = args.options.file ?? `docker-compose.${traffic.pattern.replace('-', '')}.yml`
  return { traffic, deployment: { root, file, ...defined({ project }) } }
}

function notOne(
  all: readonly Traffic[],
  matching: readonly Traffic[],
  name: string | undefined,
  pattern: Traffic['pattern'] | undefined,
): UserError {
  if (matching.length > 1) {
    return new UserError({
      message: `the stack has the deployments ${matching.map((one) => one.name).join(', ')}`,
      hint: `Name one: --name ${matching[0]!.name}.`,
    })
  }
  const subject = name === undefined ? '' : ` ${name}`
  return new UserError({
    message: `the stack has no ${pattern ?? 'blue-green or canary'} deployment${subject}`,
    hint:
      all.length > 0
        ? `It has ${all.map((one) => `${one.name} (${one.pattern})`).join(', ')}.`
        : 'Make one with `blueGreen` or `canary` of @erlmcp/cluster, and list it among the sources of the stack.',
  })
}

/** Prints the share of requests of each version. */
export function printReport(
  report: TrafficReport,
  { options: { format } }: Arguments<typeof trafficOptions>,
  output: Output,
): number {
  const { ok, message, traffic, pattern, proxy, from, versions } = report
  if (format === 'json') printJson(output, report)
  else {
    output.out(`${traffic} (${pattern}), by ${proxy} and ${from}\n`)
    for (const one of versions) {
      const state = one.running ? (one.ready ? 'ready' : 'runs, not ready') : 'does not run'
      const weight = `${one.weight} %`.padStart(6)
      output.out(`  ${one.name.padEnd(7)}${weight}  ${one.service}, ${state}\n`)
    }
    if (!ok) output.err(printable(`erlmcp: ${message}\n`))
  }
  return ok ? exit.ok : exit.failed
}
