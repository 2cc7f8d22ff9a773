import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '@erlmcp/core'
import {
  type ReadReceipt,
  readPublicKey,
  readReceipts,
  receiptFolder,
  verifyReceipts,
} from '@erlmcp/gates/receipt'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp receipt verify`: whether all receipts are those that were written. */
export async function receiptVerify(given: Arguments, output: Output): Promise<number> {
  const { key, head } = given.options
  const result = verifyReceipts(projectOf(process.cwd()), {
    ...(typeof key === 'string' && { key: readPublicKey(key) }),
    ...(typeof head === 'string' && { head }),
  })
  const { ok, count, diagnostics } = result
  if (wantsJson(given)) output.out(`${JSON.stringify(result, null, 2)}\n`)
  else if (ok)
    output.out(`${count} receipt${count === 1 ? '' : 's'}, as written; head ${result.head}\n`)
  else {
    for (const { kind, message } of diagnostics)
      output.err(printable(`erlmcp: ${message} [${kind}]\n`))
  }
  return ok ? exit.ok : exit.no
}

/** `erlmcp receipt list`: one line each. */
export async function receiptList(given: Arguments, output: Output): Promise<number> {
  const receipts = readReceipts(projectOf(process.cwd()))
  if (wantsJson(given)) {
    const list = receipts.map(({ hash, content }) => ({ hash, ...content?.receipt }))
    output.out(`${JSON.stringify(list, null, 2)}\n`)
  } else for (const receipt of receipts) output.out(printable(lineOf(receipt)))
  return exit.ok
}

function lineOf({ sequence, name, hash, content }: ReadReceipt): string {
  if (!content) return `${sequence}  ${name} is not as it was written\n`
  const { ended, verdict, gate, service, command, exit: code, git } = content.receipt
  const commit = `${git.commit?.slice(0, 12) ?? 'no commit'}${git.dirty ? '+' : ''}`
  const ending = code === null ? content.receipt.ending : `exit ${code}`
  const ran = `${service}: ${command.join(' ')}`
  return `${sequence}  ${ended}  ${verdict}  ${gate}  ${ending}  ${commit}  ${hash.slice(0, 12)}  ${ran}\n`
}

/** `erlmcp receipt show N`: everything that a receipt says. */
export async function receiptShow({ operands }: Arguments, output: Output): Promise<number> {
  const wanted = operands[0]!
  const receipts = readReceipts(projectOf(process.cwd()))
  const found = receipts.find(({ sequence }) => String(sequence) === wanted)
  if (found && !found.content) {
    throw new UserError({
      message: `${found.name} is not as it was written`,
      hint: 'erlmcp receipt verify says what else is not.',
    })
  }
  if (!found) {
    const last = receipts.at(-1)?.sequence
    throw new UserError({
      message: `there is no receipt ${wanted}`,
      hint: last === undefined ? 'There are none yet.' : `They are numbered up to ${last}.`,
    })
  }
  output.out(`${JSON.stringify({ hash: found.hash, ...found.content }, null, 2)}\n`)
  return exit.ok
}

/** The folder with receipts that is nearest to here, or this one. */
function projectOf(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, receiptFolder))) return at
    if (dirname(at) === at) return folder
  }
}
