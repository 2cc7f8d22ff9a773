import { printable } from '@erlmcp/core'
import { type ReadReceipt, readReceipts } from '@erlmcp/gates/receipt'
import { command, noOperands } from '../../command-line/command.ts'
import { format } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { projectFolder } from './folder.ts'

export default command({
  operands: noOperands,
  options: { format },
  async run({ options }, output) {
    const receipts = readReceipts(projectFolder())
    if (options.format === 'json') {
      printJson(
        output,
        receipts.map(({ hash, content }) => ({ hash, ...content?.receipt })),
      )
    } else for (const receipt of receipts) output.out(printable(lineOf(receipt)))
    return exit.ok
  },
})

function lineOf({ sequence, name, hash, content }: ReadReceipt): string {
  if (!content) return `${sequence}  ${name} was modified\n`
  const { ended, verdict, gate, service, command, exit: code, git } = content.receipt
  const commit = `${git.commit?.slice(0, 12) ?? 'no commit'}${git.dirty ? '+' : ''}`
  const ending = code === null ? content.receipt.ending : `exit ${code}`
  const ran = `${service}: ${command.join(' ')}`
  return `${sequence}  ${ended}  ${verdict}  ${gate}  ${ending}  ${commit}  ${hash.slice(0, 12)}  ${ran}\n`
}
