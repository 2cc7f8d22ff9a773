import { randomBytes } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { gitOutput, sha256, shellWord, UserError } from '@erlmcp/core'

/** The hooks that scan for host execution. */
const hookNames = ['pre-commit', 'pre-push'] as const

/** Suffix of an existing hook, which runs first. */
const suffix = '.before-erlmcp'

export interface HookFolder {
  /** Absolute. */
  readonly path: string
  /** The project relative to the top of the repository, with `/`; empty when they are the same. */
  readonly project: string
}

export interface InstalledHook {
  readonly path: string
  /** Whether an existing hook runs first. */
  readonly chained: boolean
}

/**
 * Finds the folder of git hooks of a project. Undefined without a repository, or without git.
 *
 * @throws UserError when other repositories use the folder too
 */
export function findHookFolder(root: string): HookFolder | undefined {
  const top = gitOutput(root, 'rev-parse', '--show-toplevel')
  const common = gitOutput(root, 'rev-parse', '--git-common-dir')
  const hooks = gitOutput(root, 'rev-parse', '--git-path', 'hooks')
  if (!top || !common || !hooks) return undefined
  const path = resolveLinks(resolve(root, hooks))
  const inside = [top, resolve(root, common)].some((one) => isBelow(resolveLinks(one), path))
  if (!inside) {
    throw new UserError({
      message: `other repositories use the git hooks in ${path} too`,
      hint: 'Give this repository its own: git config --local core.hooksPath .git/hooks',
    })
  }
  const project = relative(resolveLinks(top), resolveLinks(root)).split(sep).join('/')
  return { path, project }
}

/** The folder `.husky`, when husky (9 or newer) generates the hooks. */
export function huskyFolder({ path }: HookFolder): string | undefined {
  const isHusky = basename(path) === '_' && basename(dirname(path)) === '.husky'
  return isHusky ? dirname(path) : undefined
}

/** Writes the hooks. An existing hook is renamed and runs first. */
export function installHooks({ path: folder, project }: HookFolder): InstalledHook[] {
  for (const name of hookNames) validateHook(join(folder, name))
  mkdirSync(folder, { recursive: true })
  return hookNames.map((name) => {
    const path = join(folder, name)
    if (exists(path) && !isOurs(path)) renameSync(path, path + suffix)
    const draft = `${path}.erlmcp-${randomBytes(6).toString('hex')}`
    writeFileSync(draft, hookText(name, project), { mode: 0o755, flag: 'wx' })
    renameSync(draft, path)
    return { path, chained: exists(path + suffix) }
  })
}

export interface UninstalledHooks {
  readonly removed: readonly string[]
  /** Hooks that were changed since, and are not removed. */
  readonly kept: readonly string[]
}

/** Removes the hooks and restores the existing ones. */
export function uninstallHooks({ path: folder }: HookFolder): UninstalledHooks {
  const paths = hookNames.map((name) => join(folder, name))
  const removed = paths.filter((path) => exists(path) && isOurs(path))
  const kept = paths.filter((path) => exists(path) && !isOurs(path) && exists(path + suffix))
  const changed = paths.filter((path) => exists(path) && !isOurs(path) && isMarked(path))
  for (const path of paths) {
    if (removed.includes(path)) rmSync(path)
    if (!exists(path) && exists(path + suffix)) renameSync(path + suffix, path)
  }
  return { removed, kept: [...new Set([...kept, ...changed])] }
}

/** Removes a folder if it is empty. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Not empty, or removed already.
  }
}

function validateHook(path: string): void {
  if (!exists(path) || isOurs(path) || !exists(path + suffix)) return
  throw new UserError({
    message: `${path} and ${path}${suffix} both exist, and erlmcp wrote neither`,
    hint: 'Merge them into one of the two files, and remove the other.',
  })
}

const marker = '#!/bin/sh\n# Written by erlmcp guard install; erlmcp guard uninstall removes it.\n'

function hookText(name: string, project: string): string {
  const body = `# The hook that was here before runs first, with the same arguments and input.
before=\${0%/*}/${name}${suffix}
if [ -x "$before" ]; then "$before" "$@" || exit; fi
${project === '' ? '' : `cd ${shellWord(project)} || exit\n`}folder=$PWD
while [ ! -x "$folder/node_modules/.bin/erlmcp" ] && [ -n "$folder" ]; do folder=\${folder%/*}; done
if [ -n "$folder" ]; then exec "$folder/node_modules/.bin/erlmcp" guard scan </dev/null; fi
if command -v erlmcp >/dev/null; then exec erlmcp guard scan </dev/null; fi
echo 'erlmcp: not installed here, so this hook cannot scan for host execution.' >&2
echo '  Run npm install. To skip the scan, use --no-verify.' >&2
exit 1
`
  return `${marker}# sha256 of the lines below: ${sha256(body)}\n${body}`
}

function isMarked(path: string): boolean {
  return lstatSync(path).isFile() && readFileSync(path, 'utf8').startsWith(marker)
}

/** Whether erlmcp wrote the file, and it was not changed since. */
function isOurs(path: string): boolean {
  if (!isMarked(path)) return false
  const rest = readFileSync(path, 'utf8').slice(marker.length)
  const end = rest.indexOf('\n') + 1
  return rest
    .slice(0, end)
    .trimEnd()
    .endsWith(sha256(rest.slice(end)))
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep)
}

/** The path with its symbolic links resolved, as far as it exists. */
function resolveLinks(path: string): string {
  if (existsSync(path)) return realpathSync(path)
  const parent = resolve(path, '..')
  return parent === path ? path : join(resolveLinks(parent), path.slice(parent.length))
}
