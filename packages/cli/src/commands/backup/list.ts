import { listBackups } from '@erlmcp/backup/run'
import { printable } from '@erlmcp/core'
import { command, noOperands } from '../../command-line/command.ts'
import { format } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { displayPath } from '../../report/path.ts'
import { to } from './deployment.ts'

export default command({
  operands: noOperands,
  options: { to, format },
  async run({ options }, output) {
    const sets = await listBackups(options.to)
    if (options.format === 'json') printJson(output, { sets })
    else {
      for (const { path, taken, bytes, encrypted } of sets) {
        const note = encrypted ? ', encrypted' : ''
        output.out(printable(`${displayPath(path)}  ${taken}  ${bytes} bytes${note}\n`))
      }
      if (sets.length === 0) output.out(printable(`erlmcp: ${options.to} has no sets\n`))
    }
    return exit.ok
  },
})
