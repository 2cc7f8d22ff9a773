import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ProjectContext,
  packageManagerOf,
  packageManagers,
  type Stack,
  shellWord,
} from '@erlmcp/core'
import { javascript, type Project, ProjenrcFile } from 'projen'

/** The file that describes the project, relative to the folder of the root project. */
export function projenrcOf({ root }: Project): string {
  const known = ProjenrcFile.of(root)?.filePath
  if (known !== undefined) return known
  const names = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((end) => `.projenrc.${end}`)
  return names.find((name) => existsSync(join(root.outdir, name))) ?? '.projenrc.ts'
}

/** How workflows work with a project: in the folder of the root, with its package manager. */
export function toolchainOf(
  { root }: Project,
  options: { readonly stack: Stack; readonly isOne: boolean; readonly isCommitted: boolean },
): Omit<ProjectContext, 'folder'> {
  const { install } = managerOf(root)
  const { projenCommand } = root
  const erlmcp = erlmcpOf(root)
  const { stack, isOne, isCommitted } = options
  // After an eject there is no projen to run.
  const synth = root.ejected ? [] : [projenCommand]
  const mutations = [projenCommand, 'git add --intent-to-add .', 'git diff --exit-code']
  return {
    workingDirectory: '',
    // Files outside of git are generated first.
    install: [install, ...(isCommitted ? [] : synth)].join('\n'),
    erlmcp,
    stack: isOne ? '' : shellWord(`${projenrcOf(root)}#${stack.name}`),
    check: [
      `${erlmcp} check --format github`,
      ...(isCommitted && !root.ejected ? mutations : []),
    ].join('\n'),
  }
}

/** The command that runs erlmcp in a project, derived from that of projen. */
export function erlmcpOf({ root }: Project): string {
  const { projenCommand } = root
  if (!root.ejected && /(?:^|\s)projen$/.test(projenCommand)) {
    return projenCommand.replace(/projen$/, 'erlmcp')
  }
  return `${managerOf(root).exec} erlmcp`
}

const { NodePackageManager } = javascript

function managerOf(root: Project): { readonly install: string; readonly exec: string } {
  if (!(root instanceof javascript.NodeProject)) return packageManagerOf(root.outdir)
  const { packageManager, installCommand } = root.package
  const { exec, install } = nameOf(packageManager)
  // The project has the install command; the step that provides the package manager is ours.
  const setup = /^(.+ && )/.exec(install)?.[1] ?? ''
  return { exec, install: `${setup}${installCommand}` }
}

function nameOf(manager: javascript.NodePackageManager) {
  if (manager === NodePackageManager.NPM) return packageManagers.npm
  if (manager === NodePackageManager.PNPM) return packageManagers.pnpm
  if (manager === NodePackageManager.BUN) return packageManagers.bun
  const isBerry = [NodePackageManager.YARN2, NodePackageManager.YARN_BERRY].includes(manager)
  return isBerry ? packageManagers.yarnBerry : packageManagers.yarn
}
