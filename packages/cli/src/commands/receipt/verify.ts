import { printable } from '@erlmcp/core'
import { readPublicKey, verifyReceipts } from '@erlmcp/gates/receipt'
import { command, noOperands } from '../../command-line/command.ts'
import { defined, format, text } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { projectFolder } from './folder.ts'

export default command({
  operands: noOperands,
  options: {
    key: text('FILE', 'public key (PEM) that must have signed all receipts'),
    head: text('HASH', 'hash kept elsewhere, which must be in the chain'),
    format,
  },
  async run({ options: { key, head, format } }, output) {
    const result = verifyReceipts(projectFolder(), {
      ...(key !== undefined && { key: readPublicKey(key) }),
      ...defined({ head }),
    })
    const { ok, count, diagnostics } = result
    if (format === 'json') printJson(output, result)
    else if (ok) {
      const receipts = `${count} receipt${count === 1 ? '' : 's'}`
      output.out(`${receipts}, unmodified; head ${result.head}\n`)
    } else {
      for (const { kind, message } of diagnostics) {
        output.err(printable(`erlmcp: ${message} [${kind}]\n`))
      }
    }
    return ok ? exit.ok : exit.failed
  },
})
