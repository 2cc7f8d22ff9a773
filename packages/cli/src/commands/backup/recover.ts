import { recoverBackup } from '@erlmcp/backup/run'
import { command, noOperands } from '../../command-line/command.ts'
import { defined, format } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { deploymentOf, deploymentOptions, progressOn, tools } from './deployment.ts'

export default command({
  operands: noOperands,
  options: { ...deploymentOptions, tools, format },
  async run({ options }, output) {
    const recovered = await recoverBackup(deploymentOf(options), {
      ...defined({ tools: options.tools }),
      progress: progressOn(output),
    })
    if (options.format === 'json') printJson(output, { recovered })
    else if (recovered === 'nothing') output.out('no restore was interrupted here\n')
    else output.out(`an interrupted restore was ${recovered}\n`)
    return exit.ok
  },
})
