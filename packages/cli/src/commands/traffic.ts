import { isTraffic, type Traffic } from '@erlmcp/cluster'
import {
  type Deployment,
  type ShiftOptions,
  showTraffic,
  switchTraffic,
  type TrafficReport,
  weighTraffic,
} from '@erlmcp/cluster/run'
import { UserError } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import { openProject } from '../project.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp traffic show`: which version gets how many of the requests. */
export async function trafficShow(given: Arguments, output: Output): Promise<number> {
  const { traffic, deployment } = await chosen(given, output)
  const asking = `asking ${traffic.proxy.name}`
  const report = await patiently(asking, output, () => showTraffic(traffic, deployment))
  return told(report, given, output)
}

/** `erlmcp traffic switch green`: all requests to one colour, once it is ready. */
export async function trafficSwitch(given: Arguments, output: Output): Promise<number> {
  const to = colourOf(given)
  const options = shiftOf(given)
  const { traffic, deployment } = await chosen(given, output, 'blue-green')
  const report = await patiently(`switching ${traffic.name}`, output, () =>
    switchTraffic(traffic, deployment, to, options),
  )
  return told(report, given, output)
}

/** `erlmcp traffic weight 10`: a share of the requests to the canary. */
export async function trafficWeight(given: Arguments, output: Output): Promise<number> {
  const percent = percentOf(given)
  const options = shiftOf(given)
  const { traffic, deployment } = await chosen(given, output, 'canary')
  const report = await patiently(`weighing ${traffic.name}`, output, () =>
    weighTraffic(traffic, deployment, percent, options),
  )
  return told(report, given, output)
}

function told(report: TrafficReport, given: Arguments, output: Output): number {
  const { ok, message, traffic, pattern, proxy, from, versions } = report
  if (wantsJson(given)) output.out(`${JSON.stringify(report, null, 2)}\n`)
  else {
    output.out(`${traffic} (${pattern}), by ${proxy} and ${from}\n`)
    for (const one of versions) {
      const state = one.running ? (one.ready ? 'ready' : 'runs, not ready') : 'does not run'
      const weight = `${one.weight} %`.padStart(6)
      output.out(`  ${one.name.padEnd(7)}${weight}  ${one.service}, ${state}\n`)
    }
    if (!ok) output.err(printable(`erlmcp: ${message}\n`))
  }
  return ok ? exit.ok : exit.no
}

function colourOf({ operands, options: { back } }: Arguments): string {
  const said = [...operands, ...(back === true ? ['back'] : [])]
  if (said.length === 1 && operands[0] !== 'back') return said[0]!
  throw new UserError({
    message: said.length > 1 ? 'it is said twice where to' : 'it is not said where to',
    hint: 'Name one colour, such as `erlmcp traffic switch green`, or write --back.',
  })
}

function percentOf({ operands }: Arguments): number {
  const [percent = ''] = operands
  if (operands.length === 1 && /^\d{1,3}%?$/.test(percent)) return Number.parseInt(percent, 10)
  throw new UserError({
    message: `${operands.join(' ') || 'nothing'} is no share of the requests`,
    hint: 'Say a whole number of percent, such as `erlmcp traffic weight 10`.',
  })
}

function shiftOf({ options: { wait, stop, grace } }: Arguments): ShiftOptions {
  return {
    ...(typeof wait === 'string' && { seconds: secondsOf('wait', wait) }),
    ...(typeof grace === 'string' && { grace: secondsOf('grace', grace) }),
    stop: stop === true,
  }
}

function secondsOf(name: string, text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new UserError({
    message: `--${name} ${text} is no number of seconds`,
    hint: `Write it as a whole number, such as --${name} 30.`,
  })
}

async function chosen(
  given: Arguments,
  output: Output,
  pattern?: Traffic['pattern'],
): Promise<{ readonly traffic: Traffic; readonly deployment: Deployment }> {
  const { stack: stackFile, name, file, project } = given.options
  const { stack, root } = await openProject(
    { ...given, ...(typeof stackFile === 'string' && { stack: stackFile }) },
    output,
    { has: ({ sources }) => sources.some(isTraffic) },
  )
  const all = stack.sources.filter(isTraffic)
  const fitting = all.filter(
    (one) =>
      (pattern === undefined || one.pattern === pattern) &&
      (name === undefined || one.name === name),
  )
  const [traffic] = fitting
  if (traffic === undefined || fitting.length > 1) throw notOne(all, fitting, given, pattern)
  const deployment = {
    root,
    file:
      typeof file === 'string' ? file : `docker-compose.${traffic.pattern.replace('-', '')}.yml`,
    ...(typeof project === 'string' && { project }),
  }
  return { traffic, deployment }
}

function notOne(
  all: readonly Traffic[],
  fitting: readonly Traffic[],
  { options: { name } }: Arguments,
  pattern: Traffic['pattern'] | undefined,
): UserError {
  const namesOf = (some: readonly Traffic[]) => some.map((one) => one.name).join(', ')
  if (fitting.length > 1) {
    return new UserError({
      message: `the stack has more than one: ${namesOf(fitting)}`,
      hint: `Say which: --name ${fitting[0]!.name}.`,
    })
  }
  const named = typeof name === 'string' ? ` ${name}` : ''
  return new UserError({
    message: `the stack has no ${pattern ?? 'blue-green or canary'} deployment${named}`,
    hint:
      all.length > 0
        ? `It has ${all.map((one) => `${one.name} (${one.pattern})`).join(', ')}.`
        : 'Make one with `blueGreen` or `canary` of @erlmcp/cluster, and list it among the sources of the stack.',
  })
}
