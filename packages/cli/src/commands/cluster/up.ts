import { startCluster } from '@erlmcp/cluster/run'
import { command } from '../../command-line/command.ts'
import { withSlowNotice } from '../../report/progress.ts'
import { findCluster, verify, verifyOptions } from './deployment.ts'

export default command({
  options: verifyOptions,
  async run(args, output) {
    const { cluster, deployment } = await findCluster(args, output)
    await withSlowNotice(`starting ${cluster.name}`, output, () =>
      startCluster(cluster, deployment),
    )
    return verify({ cluster, deployment }, args, output)
  },
})
