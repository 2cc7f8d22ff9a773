import { rollBackStack } from '@erlmcp/cluster/run'
import { command } from '../../command-line/command.ts'
import { stack } from '../../command-line/options.ts'
import { findDeployment, printReport, statusOptions, wait, withProgress } from './deployment.ts'

export default command({
  operands: { label: '[SERVICE…]' },
  options: { stack, ...statusOptions, wait },
  async run(args, output) {
    const deployment = await findDeployment(args, output)
    const report = await withProgress(output, (watching) =>
      rollBackStack(deployment, args.operands, { seconds: args.options.wait, ...watching }),
    )
    return printReport(deployment, report, args.options, output)
  },
})
