import { showTraffic } from '@erlmcp/cluster/run'
import { command, noOperands } from '../../command-line/command.ts'
import { withSlowNotice } from '../../report/progress.ts'
import { findTraffic, printReport, trafficOptions } from './deployment.ts'

export default command({
  operands: noOperands,
  options: trafficOptions,
  async run(args, output) {
    const { traffic, deployment } = await findTraffic(args, output)
    const report = await withSlowNotice(`inspecting ${traffic.proxy.name}`, output, () =>
      showTraffic(traffic, deployment),
    )
    return printReport(report, args, output)
  },
})
