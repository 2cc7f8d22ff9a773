import { moveVolume } from '@erlmcp/cluster/run'
import { UserError } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp volumes move OLD NEW`: the data of a volume under another name. */
export async function volumesMove(given: Arguments, output: Output): Promise<number> {
  const [from, to, ...more] = given.operands
  if (from === undefined || to === undefined || more.length > 0) {
    throw new UserError({
      message: 'volumes move takes two names',
      hint: 'Give the old one first: erlmcp volumes move shop_postgres-data shop_pg-data',
    })
  }
  const { tools } = given.options
  const moved = await patiently('copying the volume', output, () =>
    moveVolume(from, to, typeof tools === 'string' ? { tools } : {}),
  )
  if (wantsJson(given)) output.out(`${JSON.stringify(moved, null, 2)}\n`)
  else {
    const files = `${moved.files} file${moved.files === 1 ? '' : 's'}`
    output.out(printable(`erlmcp: ${to} has the data of ${from}: ${files}, compared\n`))
    if (!moved.isRemoved) output.out(printable(stays(from, moved.heldBy)))
  }
  return exit.ok
}

function stays(from: string, heldBy: readonly string[]): string {
  const remove = heldBy.length === 0 ? '' : `docker rm ${heldBy.join(' ')} && `
  return `  ${from} is still there. Once you need it no more: ${remove}docker volume rm ${from}\n`
}
