import { deployStack } from '@erlmcp/cluster/run'
import { command } from '../../command-line/command.ts'
import { text } from '../../command-line/options.ts'
import { findDeployment, printReport, statusOptions, wait, withProgress } from './deployment.ts'

export default command({
  options: { file: text('FILE', 'stack file', 'docker-compose.swarm.yml'), ...statusOptions, wait },
  async run(args, output) {
    const deployment = await findDeployment(args, output)
    const report = await withProgress(output, (watching) =>
      deployStack(deployment, { seconds: args.options.wait, ...watching }),
    )
    return printReport(deployment, report, args.options, output)
  },
})
