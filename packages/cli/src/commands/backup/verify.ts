import { verifyBackup } from '@erlmcp/backup/run'
import { printable } from '@erlmcp/core'
import { command } from '../../command-line/command.ts'
import { format } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { key, progressOn, readKeyOf, setOperand } from './deployment.ts'

export default command({
  operands: setOperand,
  options: { key, format },
  async run({ operands: [set], options }, output) {
    const { ok, problems, manifest } = await verifyBackup(set!, {
      ...(await readKeyOf(options)),
      progress: progressOn(output),
    })
    if (options.format === 'json') printJson(output, { ok, problems, manifest })
    else if (ok) output.out('the set is complete and unmodified\n')
    else for (const problem of problems) output.err(printable(`${problem}\n`))
    return ok ? exit.ok : exit.failed
  },
})
