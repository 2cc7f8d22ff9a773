import type { DeployOptions, SwarmDeployment, SwarmReport } from '@erlmcp/cluster/run'
import { printable } from '@erlmcp/core'
import { type Format, format, out, seconds, text } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { type Output, printJson } from '../../output.ts'
import { liveLines } from '../../report/live-lines.ts'
import { openProject, type ProjectArguments } from '../../stack/project.ts'

export const name = text('NAME', 'name of the stack in the swarm. Default: that in stack.ts')

export const wait = seconds('how long the services may take', 600)

/** Options that name a stack in a swarm. */
export const statusOptions = { name, out, format }

interface SwarmArguments extends ProjectArguments {
  readonly options: ProjectArguments['options'] & {
    readonly name: string | undefined
    readonly file?: string
  }
}

export async function findDeployment(
  args: SwarmArguments,
  output: Output,
): Promise<SwarmDeployment> {
  const { stack, root } = await openProject(args, output)
  const { file = 'docker-compose.swarm.yml', name = stack.name } = args.options
  return { root, file, stack: name }
}

/** Shows progress: on a terminal in place, elsewhere a line for each change. */
export async function withProgress(
  output: Output,
  work: (watching: Pick<DeployOptions, 'tell' | 'watch'>) => Promise<SwarmReport>,
): Promise<SwarmReport> {
  const { isTTY = false, columns } = process.stderr
  const progress = isTTY
    ? liveLines({ isTTY, columns, write: (text: string) => output.err(text) })
    : undefined
  const begun = new Set<string>()
  try {
    return await work({
      tell: (message) => {
        if (progress) progress.print(`${message} …`)
        else output.err(`erlmcp: ${message} …\n`)
      },
      watch: ({ name }, message) => {
        if (!progress) return output.err(printable(`${name}: ${message}\n`))
        if (!begun.has(name)) progress.begin(name)
        begun.add(name)
        progress.update(name, message)
      },
    })
  } finally {
    progress?.close()
  }
}

/** Prints the state of each service. */
export function printReport(
  { stack }: SwarmDeployment,
  report: SwarmReport,
  options: { readonly format: Format },
  output: Output,
): number {
  if (options.format === 'json') printJson(output, { stack, ...report })
  else {
    for (const { name, image, ok, summary } of report.services) {
      output.out(printable(`${ok ? 'yes' : 'NO '}  ${name}: ${summary} (${image})\n`))
    }
    for (const name of report.pruned) output.out(printable(`removed ${name}, which was unused\n`))
    for (const { name, reason } of report.services) {
      if (reason !== undefined) output.err(printable(`erlmcp: ${name}: ${reason}\n`))
    }
  }
  return report.ok ? exit.ok : exit.failed
}
