import { restoreBackup } from '@erlmcp/backup/run'
import { printable } from '@erlmcp/core'
import { command } from '../../command-line/command.ts'
import { defined, flag, format, text } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { displayPath } from '../../report/path.ts'
import {
  deploymentOf,
  deploymentOptions,
  key,
  progressOn,
  readKeyOf,
  setOperand,
  tools,
} from './deployment.ts'

export default command({
  operands: setOperand,
  options: {
    ...deploymentOptions,
    key,
    yes: flag('replace the existing data'),
    from: text('NAME', 'restore the set of another project'),
    tools,
    format,
  },
  async run({ operands: [set], options }, output) {
    const report = await restoreBackup(deploymentOf(options), set!, {
      ...(await readKeyOf(options)),
      replace: options.yes,
      ...defined({ from: options.from, tools: options.tools }),
      progress: progressOn(output),
    })
    if (options.format === 'json') printJson(output, report)
    else if (report.status === 'restored') {
      for (const one of report.replaced) output.out(printable(`replaced ${one}\n`))
      output.out(printable(`restored ${displayPath(set!)}\n`))
    } else if (report.status === 'unconfirmed') {
      for (const one of report.replaces) output.out(printable(`would replace ${one}\n`))
      output.err('erlmcp: nothing was changed; to replace the data, add --yes\n')
    } else {
      for (const problem of report.problems) output.err(printable(`${problem}\n`))
      output.err('erlmcp: the set was rejected, and nothing was changed\n')
    }
    return report.status === 'restored' ? exit.ok : exit.failed
  },
})
