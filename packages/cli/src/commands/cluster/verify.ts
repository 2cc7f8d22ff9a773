import { command } from '../../command-line/command.ts'
import { findCluster, verify, verifyOptions } from './deployment.ts'

export default command({
  options: verifyOptions,
  async run(args, output) {
    return verify(await findCluster(args, output), args, output)
  },
})
