import { existsSync } from 'node:fs'
import {
  type Deployment,
  describeFailures,
  startProject,
  stopProject,
  type UpReport,
} from '@erlmcp/cluster/run'
import { UserError } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp up`: starts a compose file, and says what became of each service. */
export async function up(given: Arguments, output: Output): Promise<number> {
  const deployment = deploymentOf(given)
  const { profile } = given.options
  const report = await startProject(deployment, {
    seconds: secondsOf(given, 'wait') ?? 180,
    build: given.options['no-build'] !== true,
    ...(typeof profile === 'string' && { profiles: [profile] }),
    progress: (message) => output.progress?.(printable(`erlmcp: ${message} …\n`)),
  })
  if (wantsJson(given)) output.out(`${JSON.stringify(report, null, 2)}\n`)
  else sayServices(report, output)
  return report.ok ? exit.ok : exit.no
}

function sayServices({ ok, services }: UpReport, output: Output): void {
  for (const one of services) {
    if (one.ok) output.out(printable(`yes  ${one.service}: ${one.state}\n`))
  }
  const failed = services.filter((one) => !one.ok)
  const all = `${services.length} service${services.length === 1 ? '' : 's'}`
  if (ok) output.out(`erlmcp: ${all} up\n`)
  else {
    output.err(printable(`${describeFailures(services)}\n`))
    output.err(`erlmcp: ${failed.length} of ${all} did not come up\n`)
  }
}

/** `erlmcp down`: stops and removes what a compose file has started. */
export async function down(given: Arguments, output: Output): Promise<number> {
  const deployment = deploymentOf(given)
  const seconds = secondsOf(given, 'timeout')
  await patiently(`stopping ${deployment.file}`, output, () =>
    stopProject(deployment, {
      volumes: given.options.volumes === true,
      ...(seconds !== undefined && { seconds }),
    }),
  )
  return exit.ok
}

// As `docker compose` looks for them, and what a stack makes for production.
const usual = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
  'docker-compose.prod.yml',
]

function deploymentOf({ operands, options: { project } }: Arguments): Deployment {
  if (operands.length > 1) {
    throw new UserError({
      message: `expected one compose file, got ${operands.length}`,
      hint: 'Name one: erlmcp up compose.yaml.',
    })
  }
  return {
    root: '.',
    file: operands[0] ?? usual.find((file) => existsSync(file)) ?? usual[0]!,
    ...(typeof project === 'string' && { project }),
  }
}

function secondsOf({ options }: Arguments, name: 'wait' | 'timeout'): number | undefined {
  const value = options[name]
  if (value === undefined) return undefined
  if (typeof value === 'string' && /^\d{1,5}$/.test(value)) return Number(value)
  throw new UserError({
    message: `invalid --${name} ${value}: expected a number of seconds`,
    hint: `Write it like --${name} 60.`,
  })
}
