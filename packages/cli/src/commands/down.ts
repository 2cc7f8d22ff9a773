import { stopProject } from '@erlmcp/cluster/run'
import { command } from '../command-line/command.ts'
import { defined, flag, project, seconds } from '../command-line/options.ts'
import { exit } from '../exit.ts'
import { withSlowNotice } from '../report/progress.ts'
import { deploymentOf, fileOperand } from './compose-file.ts'

export default command({
  operands: fileOperand,
  options: {
    project,
    volumes: flag('remove its volumes: the data is lost'),
    timeout: seconds('how long a container may take to stop. Default: its stop_grace_period'),
  },
  async run({ operands: [file], options: { project, volumes, timeout } }, output) {
    const deployment = deploymentOf(file, project)
    await withSlowNotice(`stopping ${deployment.file}`, output, () =>
      stopProject(deployment, { volumes, ...defined({ seconds: timeout }) }),
    )
    return exit.ok
  },
})
