import { execute, findConstitution, rewrite } from '@erlmcp/constitution/run'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp run -- CMD…`: runs the Docker form of a command, and ends with its exit code. */
export async function runCommand(given: Arguments, output: Output): Promise<number> {
  const folder = process.cwd()
  const form = rewrite(findConstitution(folder), given.operands, process.env)
  if (form.defined) return execute(form, folder)
  output.err(printable(`erlmcp: undefined, hence forbidden: ${form.why}\n  ${form.hint}\n`))
  return exit.no
}
