import { readStackStatus } from '@erlmcp/cluster/run'
import { command } from '../../command-line/command.ts'
import { withSlowNotice } from '../../report/progress.ts'
import { findDeployment, printReport, statusOptions } from './deployment.ts'

export default command({
  options: statusOptions,
  async run(args, output) {
    const deployment = await findDeployment(args, output)
    const report = await withSlowNotice(`inspecting ${deployment.stack}`, output, () =>
      readStackStatus(deployment),
    )
    return printReport(deployment, report, args.options, output)
  },
})
