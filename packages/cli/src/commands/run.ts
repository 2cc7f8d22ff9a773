import { findConstitution, rewrite, runDockerForm } from '@erlmcp/constitution/run'
import { printable } from '@erlmcp/core'
import { command } from '../command-line/command.ts'
import { exit } from '../exit.ts'

/** Exits with the code of the command that it ran. */
export default command({
  operands: { label: 'COMMAND…', min: 1, rest: true },
  options: {},
  async run({ operands }, output) {
    const folder = process.cwd()
    const form = rewrite(findConstitution(folder), operands, process.env)
    if (form.defined) return runDockerForm(form, folder)
    output.err(printable(`erlmcp: no Docker form: ${form.message}\n  ${form.hint}\n`))
    return exit.failed
  },
})
