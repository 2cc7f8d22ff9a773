import { findConstitution, rewrite } from '@erlmcp/constitution/run'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp rewrite -- CMD…`: the Docker form of a command of the host, or that it has none. */
export async function rewriteCommand(given: Arguments, output: Output): Promise<number> {
  const form = rewrite(findConstitution(process.cwd()), given.operands, process.env)
  if (wantsJson(given)) output.out(`${JSON.stringify(form, null, 2)}\n`)
  else if (form.defined) output.out(`${form.line}\n`)
  if (form.defined) return exit.ok
  output.err(printable(`erlmcp: undefined, hence forbidden: ${form.why}\n  ${form.hint}\n`))
  return exit.no
}
