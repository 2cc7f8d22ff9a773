import { join } from 'node:path'
import {
  type BackupKey,
  createBackup,
  type Deployment,
  listBackups,
  type Manifest,
  readKey,
  recoverBackup,
  rehearseBackup,
  restoreBackup,
  verifyBackup,
} from '@erlmcp/backup/run'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import { shown } from '../mistake.ts'
import type { Output } from '../output.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp backup create`: says what is in the set, what is not, and whether it is encrypted. */
export async function backupCreate(given: Arguments, output: Output): Promise<number> {
  const deployment = deploymentOf(given)
  const { path, manifest, paused } = await createBackup(deployment, {
    to: textOf(given, 'to') ?? join(deployment.root, 'backups'),
    ...(await keyOf(given)),
    live: given.options.live === true,
    ...toolsOf(given),
    progress: progressOn(output),
  })
  if (wantsJson(given)) {
    output.out(`${JSON.stringify({ path, paused, manifest }, null, 2)}\n`)
    return exit.ok
  }
  const lines = [
    `saved ${shown(path)} (${manifest.encrypted ? 'encrypted' : 'not encrypted'})`,
    ...contentLines(manifest).map((line) => `  ${line}`),
    ...manifest.omitted.map(({ item, reason }) => `  not in it: ${item}, ${reason}`),
    ...(paused.containers.length > 0
      ? [`  held still for ${paused.milliseconds} ms: ${paused.containers.join(', ')}`]
      : []),
  ]
  output.out(printable(`${lines.join('\n')}\n`))
  return exit.ok
}

function contentLines({ postgres, redis, volumes }: Manifest): readonly string[] {
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
  return [
    ...postgres.flatMap(({ service, databases }) =>
      databases.map(({ name, tables }) => {
        const rows = sum(tables.map((one) => one.rows))
        return `${service}: database ${name}, ${tables.length} tables, ${rows} rows`
      }),
    ),
    ...redis.map(({ service, keys }) => `${service}: ${sum(Object.values(keys))} keys`),
    ...volumes.map(({ volume, entries, bytes }) => `${volume}: ${entries} files, ${bytes} bytes`),
  ]
}

/** `erlmcp backup list`: the sets, the oldest first. */
export async function backupList(given: Arguments, output: Output): Promise<number> {
  const folder = textOf(given, 'to') ?? 'backups'
  const sets = await listBackups(folder)
  if (wantsJson(given)) output.out(`${JSON.stringify({ sets }, null, 2)}\n`)
  else {
    for (const { path, taken, bytes, encrypted } of sets) {
      const note = encrypted ? ', encrypted' : ''
      output.out(printable(`${shown(path)}  ${taken}  ${bytes} bytes${note}\n`))
    }
    if (sets.length === 0) output.out(printable(`erlmcp: ${folder} has no sets\n`))
  }
  return exit.ok
}

/** `erlmcp backup verify`: no when anything of it was cut or changed. */
export async function backupVerify(given: Arguments, output: Output): Promise<number> {
  const { ok, problems, manifest } = await verifyBackup(setOf(given), {
    ...(await keyOf(given)),
    progress: progressOn(output),
  })
  if (wantsJson(given)) output.out(`${JSON.stringify({ ok, problems, manifest }, null, 2)}\n`)
  else if (ok) output.out('the set is as it was written\n')
  else tellProblems(problems, output)
  return ok ? exit.ok : exit.no
}

/** `erlmcp backup rehearse`: no unless all that was saved came back. */
export async function backupRehearse(given: Arguments, output: Output): Promise<number> {
  const report = await rehearseBackup(setOf(given), {
    ...(await keyOf(given)),
    progress: progressOn(output),
  })
  if (wantsJson(given)) output.out(`${JSON.stringify(report, null, 2)}\n`)
  else {
    for (const { message, problems } of report.checks) {
      const wrong = problems.map((one) => `\n     ${one}`).join('')
      output.out(printable(`${problems.length === 0 ? 'yes' : 'NO '}  ${message}${wrong}\n`))
    }
    const wrong = report.checks.filter(({ problems }) => problems.length > 0).length
    if (wrong > 0) output.err(`erlmcp: ${wrong} of ${report.checks.length} checks say no\n`)
  }
  return report.ok ? exit.ok : exit.no
}

/** `erlmcp backup restore`: replaces data only with `--yes`, and says which. */
export async function backupRestore(given: Arguments, output: Output): Promise<number> {
  const from = textOf(given, 'from')
  const report = await restoreBackup(deploymentOf(given), setOf(given), {
    ...(await keyOf(given)),
    replace: given.options.yes === true,
    ...(from !== undefined && { from }),
    ...toolsOf(given),
    progress: progressOn(output),
  })
  if (wantsJson(given)) output.out(`${JSON.stringify(report, null, 2)}\n`)
  else if (report.status === 'restored') {
    for (const one of report.replaced) output.out(printable(`replaced ${one}\n`))
    output.out(printable(`restored ${shown(setOf(given))}\n`))
  } else if (report.status === 'unconfirmed') {
    for (const one of report.replaces) output.out(printable(`would replace ${one}\n`))
    output.err('erlmcp: nothing was changed; to replace it, add --yes\n')
  } else {
    tellProblems(report.problems, output)
    output.err('erlmcp: the set is refused, and all is as before\n')
  }
  return report.status === 'restored' ? exit.ok : exit.no
}

/** `erlmcp backup recover`: says what became of a restore that was killed. */
export async function backupRecover(given: Arguments, output: Output): Promise<number> {
  const options = { ...toolsOf(given), progress: progressOn(output) }
  const recovered = await recoverBackup(deploymentOf(given), options)
  if (wantsJson(given)) output.out(`${JSON.stringify({ recovered }, null, 2)}\n`)
  else if (recovered === 'nothing') output.out('no restore was killed here\n')
  else output.out(`a restore that was killed was ${recovered}\n`)
  return exit.ok
}

function tellProblems(problems: readonly string[], output: Output): void {
  for (const problem of problems) output.err(printable(`${problem}\n`))
}

/** What takes longer than a second says what it is doing. */
function progressOn(output: Output): (message: string) => void {
  const began = Date.now()
  return (message) => {
    if (Date.now() - began > 1000) output.progress?.(printable(`erlmcp: ${message} …\n`))
  }
}

function deploymentOf(given: Arguments): Deployment {
  const project = textOf(given, 'project')
  return {
    root: textOf(given, 'out') ?? '.',
    file: textOf(given, 'file') ?? 'docker-compose.prod.yml',
    ...(project !== undefined && { project }),
  }
}

async function keyOf(given: Arguments): Promise<{ readonly key?: BackupKey }> {
  const file = textOf(given, 'key')
  return file === undefined ? {} : { key: await readKey(file) }
}

function toolsOf(given: Arguments): { readonly tools?: string } {
  const tools = textOf(given, 'tools')
  return tools === undefined ? {} : { tools }
}

function textOf({ options }: Arguments, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

const setOf = ({ operands }: Arguments): string => operands[0]!
