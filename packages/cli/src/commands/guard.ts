import { relative } from 'node:path'
import {
  findConstitution,
  installGuard,
  scan,
  shimFolder,
  uninstallGuard,
} from '@erlmcp/constitution/run'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { isForPrograms, reportFindings, wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp guard install`: shims that refuse host execution, and hooks that scan for it. */
export async function guardInstall({ options }: Arguments, output: Output): Promise<number> {
  const root = process.cwd()
  const envrc = options.envrc === true
  const { hooks, husky } = installGuard(root, findConstitution(root), { envrc })
  for (const { path, chained } of hooks ?? []) {
    const before = chained ? ', which runs the one of before first' : ''
    output.out(printable(`hook ${relative(root, path)}${before}\n`))
  }
  if (husky) {
    const folder = relative(root, husky)
    output.out(
      printable(
        `husky makes the hooks: write npx erlmcp guard scan into ${folder}/pre-commit and pre-push\n`,
      ),
    )
  } else if (!hooks) output.out('no git repository here: no hooks\n')
  output.out(`shims ${shimFolder}\n`)
  if (envrc) output.out('they are on PATH where direnv loads .envrc\n')
  else {
    output.out(`put them on PATH: export PATH="$PWD/${shimFolder}:$PATH"\n`)
    output.out(`or, with direnv, in .envrc: PATH_add ${shimFolder}\n`)
  }
  return exit.ok
}

/** `erlmcp guard uninstall`: takes all of it away. */
export async function guardUninstall(_given: Arguments, output: Output): Promise<number> {
  const root = process.cwd()
  const { found, kept } = uninstallGuard(root)
  for (const path of kept) {
    output.err(printable(`erlmcp: ${relative(root, path)} was changed since, and is kept\n`))
  }
  if (kept.length > 0) {
    output.err('  Take out of it what erlmcp guard install wrote, or remove it.\n')
    return exit.no
  }
  output.out(found ? 'the guard is gone\n' : 'there was no guard\n')
  return exit.ok
}

/** `erlmcp guard scan`: commands in files that run Erlang on the host. */
export async function guardScan(given: Arguments, output: Output): Promise<number> {
  const root = process.cwd()
  const { diagnostics, rules, files } = scan(root, findConstitution(root), {
    paths: given.operands,
  })
  const ok = diagnostics.every(({ severity }) => severity !== 'error')
  if (wantsJson(given)) {
    output.out(`${JSON.stringify({ ok, files, diagnostics }, null, 2)}\n`)
    return ok ? exit.ok : exit.no
  }
  const report = reportFindings({ diagnostics, suppressed: [], rules }, given)
  if (isForPrograms(given)) output.out(report)
  else output.err(report)
  return ok ? exit.ok : exit.no
}
