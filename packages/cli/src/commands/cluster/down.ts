import { stopProject } from '@erlmcp/cluster/run'
import { command } from '../../command-line/command.ts'
import { flag } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { withSlowNotice } from '../../report/progress.ts'
import { clusterOptions, findCluster } from './deployment.ts'

export default command({
  options: { ...clusterOptions, volumes: flag('remove its volumes: the data is lost') },
  async run(args, output) {
    const { cluster, deployment } = await findCluster(args, output)
    const { volumes } = args.options
    await withSlowNotice(`stopping ${cluster.name}`, output, () =>
      stopProject(deployment, { volumes }),
    )
    return exit.ok
  },
})
