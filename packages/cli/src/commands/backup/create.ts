import { join } from 'node:path'
import { createBackup, type Manifest } from '@erlmcp/backup/run'
import { printable } from '@erlmcp/core'
import { command, noOperands } from '../../command-line/command.ts'
import { defined, flag, format, text } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { displayPath } from '../../report/path.ts'
import { deploymentOf, deploymentOptions, key, progressOn, readKeyOf, tools } from './deployment.ts'

export default command({
  operands: noOperands,
  options: {
    ...deploymentOptions,
    to: text('DIR', 'folder of the sets. Default: backups, beside the compose file'),
    key,
    live: flag('let containers write to a volume while it is read'),
    tools,
    format,
  },
  async run({ options }, output) {
    const deployment = deploymentOf(options)
    const { path, manifest, paused } = await createBackup(deployment, {
      to: options.to ?? join(deployment.root, 'backups'),
      ...(await readKeyOf(options)),
      live: options.live,
      ...defined({ tools: options.tools }),
      progress: progressOn(output),
    })
    if (options.format === 'json') {
      printJson(output, { path, paused, manifest })
      return exit.ok
    }
    const lines = [
      `saved ${displayPath(path)} (${manifest.encrypted ? 'encrypted' : 'not encrypted'})`,
      ...contentLines(manifest).map((line) => `  ${line}`),
      ...manifest.omitted.map(({ item, reason }) => `  not included: ${item}, ${reason}`),
      ...(paused.containers.length > 0
        ? [`  paused for ${paused.milliseconds} ms: ${paused.containers.join(', ')}`]
        : []),
    ]
    output.out(printable(`${lines.join('\n')}\n`))
    return exit.ok
  },
})

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
