import { relative } from 'node:path'
import { uninstallGuard } from '@erlmcp/constitution/run'
import { printable } from '@erlmcp/core'
import { command, noOperands } from '../../command-line/command.ts'
import { exit } from '../../exit.ts'

export default command({
  operands: noOperands,
  options: {},
  async run(_args, output) {
    const root = process.cwd()
    const { found, kept } = uninstallGuard(root)
    for (const path of kept) {
      output.err(printable(`erlmcp: ${relative(root, path)} was edited, and is kept\n`))
    }
    if (kept.length > 0) {
      output.err('  Remove the lines that erlmcp guard install wrote, or the file.\n')
      return exit.failed
    }
    output.out(found ? 'removed the guard\n' : 'the guard was not installed\n')
    return exit.ok
  },
})
