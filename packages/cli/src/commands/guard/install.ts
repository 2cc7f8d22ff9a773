import { relative } from 'node:path'
import { findConstitution, installGuard, shimFolder } from '@erlmcp/constitution/run'
import { printable } from '@erlmcp/core'
import { command, noOperands } from '../../command-line/command.ts'
import { flag } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'

export default command({
  operands: noOperands,
  options: { envrc: flag('put the shims on PATH in the .envrc of direnv') },
  async run({ options: { envrc } }, output) {
    const root = process.cwd()
    const { hooks, husky } = installGuard(root, findConstitution(root), { envrc })
    for (const { path, chained } of hooks ?? []) {
      const note = chained ? ', which runs the previous hook first' : ''
      output.out(printable(`hook ${relative(root, path)}${note}\n`))
    }
    if (husky) {
      const folder = relative(root, husky)
      output.out(
        printable(
          `husky manages the hooks: write npx erlmcp guard scan into ${folder}/pre-commit and pre-push\n`,
        ),
      )
    } else if (!hooks) output.out('this folder has no git repository: no hooks were installed\n')
    output.out(`shims ${shimFolder}\n`)
    if (envrc) output.out('direnv puts them on PATH: .envrc\n')
    else {
      output.out(`put them on PATH: export PATH="$PWD/${shimFolder}:$PATH"\n`)
      output.out(`or, with direnv, in .envrc: PATH_add ${shimFolder}\n`)
    }
    return exit.ok
  },
})
