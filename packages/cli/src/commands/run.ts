import { printable } from '@erlmcp/core'
import { execute, findConstitution, rewrite } from '@erlmcp/gates/run'
import { command } from '../command.ts'
import { exit } from '../exit.ts'

/** Exits with the code of the command that it ran. */
export default command({
  operands: { label: 'COMMAND…', min: 1, rest: true },
  options: {},
  async run({ operands }, output) {
    const folder = process.cwd()
    const form = rewrite(findConstitution(folder), operands, process.env)
    if (form.defined) return execute(form, folder)
    output.err(printable(`erlmcp: undefined, hence forbidden: ${form.why}\n  ${form.hint}\n`))
    return exit.failed
  },
})
