import {
  type DeployOptions,
  deployStack,
  rollBackStack,
  type SwarmDeployment,
  type SwarmReport,
  statusOfStack,
} from '@erlmcp/cluster/run'
import { UserError } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import { openProject } from '../project.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { progressOn } from '../report/live-lines.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp swarm deploy`: deploys the stack file, and waits for what becomes of its services. */
export async function swarmDeploy(given: Arguments, output: Output): Promise<number> {
  const seconds = secondsOf(given)
  const deployment = await deploymentOf(given, output)
  const report = await watched(output, (watching) =>
    deployStack(deployment, { seconds, ...watching }),
  )
  return told(deployment, report, given, output)
}

/** `erlmcp swarm status`: what runs, and whether it is as it should be. */
export async function swarmStatus(given: Arguments, output: Output): Promise<number> {
  const deployment = await deploymentOf(given, output)
  const report = await patiently(`asking for ${deployment.stack}`, output, () =>
    statusOfStack(deployment),
  )
  return told(deployment, report, given, output)
}

/** `erlmcp swarm rollback`: back to what the services were before their last update. */
export async function swarmRollback(given: Arguments, output: Output): Promise<number> {
  const seconds = secondsOf(given)
  const { stack } = given.options
  const named = { ...given, ...(typeof stack === 'string' && { stack }) }
  const deployment = await deploymentOf(named, output)
  const report = await watched(output, (watching) =>
    rollBackStack(deployment, given.operands, { seconds, ...watching }),
  )
  return told(deployment, report, given, output)
}

async function deploymentOf(given: Arguments, output: Output): Promise<SwarmDeployment> {
  const { stack, root } = await openProject(given, output)
  const { file, name } = given.options
  return {
    root,
    file: typeof file === 'string' ? file : 'docker-compose.swarm.yml',
    stack: typeof name === 'string' ? name : stack.name,
  }
}

/** Says what goes on: on a terminal in place, elsewhere a line for each change. */
async function watched(
  output: Output,
  work: (watching: Pick<DeployOptions, 'tell' | 'watch'>) => Promise<SwarmReport>,
): Promise<SwarmReport> {
  const { isTTY = false, columns } = process.stderr
  const progress = isTTY
    ? progressOn({ isTTY, columns, write: (text: string) => output.err(text) })
    : undefined
  const begun = new Set<string>()
  try {
    return await work({
      tell: (words) => {
        if (progress) progress.tell(`${words} …`)
        else output.err(`erlmcp: ${words} …\n`)
      },
      watch: ({ name }, words) => {
        if (!progress) return output.err(printable(`${name}: ${words}\n`))
        if (!begun.has(name)) progress.begin(name)
        begun.add(name)
        progress.say(name, words)
      },
    })
  } finally {
    progress?.close()
  }
}

function told(
  { stack }: SwarmDeployment,
  report: SwarmReport,
  given: Arguments,
  output: Output,
): number {
  if (wantsJson(given)) output.out(`${JSON.stringify({ stack, ...report }, null, 2)}\n`)
  else {
    for (const { name, image, ok, says } of report.services) {
      output.out(printable(`${ok ? 'yes' : 'NO '}  ${name}: ${says} (${image})\n`))
    }
    for (const name of report.pruned) output.out(printable(`removed ${name}, which nothing uses\n`))
    for (const { name, reason } of report.services) {
      if (reason !== undefined) output.err(printable(`erlmcp: ${name}: ${reason}\n`))
    }
  }
  return report.ok ? exit.ok : exit.no
}

function secondsOf({ options: { wait = '600' } }: Arguments): number {
  if (typeof wait === 'string' && /^\d{1,5}$/.test(wait)) return Number(wait)
  throw new UserError({
    message: `--wait ${wait} is no number of seconds`,
    hint: 'Say how long the services may take, such as --wait 600.',
  })
}
