import { findConstitution, rewrite } from '@erlmcp/constitution/run'
import { printable } from '@erlmcp/core'
import { command } from '../command-line/command.ts'
import { format } from '../command-line/options.ts'
import { exit } from '../exit.ts'
import { printJson } from '../output.ts'

export default command({
  operands: { label: 'COMMAND…', min: 1, rest: true },
  options: { format },
  async run({ operands, options }, output) {
    const form = rewrite(findConstitution(process.cwd()), operands, process.env)
    if (options.format === 'json') printJson(output, form)
    else if (form.defined) output.out(`${form.line}\n`)
    if (form.defined) return exit.ok
    output.err(printable(`erlmcp: no Docker form: ${form.message}\n  ${form.hint}\n`))
    return exit.failed
  },
})
