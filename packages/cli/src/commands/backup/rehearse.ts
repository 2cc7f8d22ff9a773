import { rehearseBackup } from '@erlmcp/backup/run'
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
    const report = await rehearseBackup(set!, {
      ...(await readKeyOf(options)),
      progress: progressOn(output),
    })
    if (options.format === 'json') printJson(output, report)
    else {
      for (const { message, problems } of report.checks) {
        const details = problems.map((one) => `\n     ${one}`).join('')
        output.out(printable(`${problems.length === 0 ? 'yes' : 'NO '}  ${message}${details}\n`))
      }
      const failed = report.checks.filter(({ problems }) => problems.length > 0).length
      if (failed > 0) output.err(`erlmcp: ${failed} of ${report.checks.length} checks failed\n`)
    }
    return report.ok ? exit.ok : exit.failed
  },
})
