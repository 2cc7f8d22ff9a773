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

/** A hook that was there before ours keeps its file under this name, and runs first. */
const suffix = '.before-erlmcp'

export interface HookPlace {
  /** The folder of the repository's hooks. */
  readonly folder: string
  /** The project, from the top of the repository, with `/`; empty where it is the top. */
  readonly project: string
}

export interface InstalledHook {
  readonly path: string
  /** Whether one that was there before runs first. */
  readonly chained: boolean
}

/**
 * Where git looks for the hooks of the repository that a folder is in; undefined where there is
 * no repository, or no git.
 *
 * @throws UserError when that folder is not the repository's own
 */
export function hookPlace(root: string): HookPlace | undefined {
  const top = gitOutput(root, 'rev-parse', '--show-toplevel')
  const common = gitOutput(root, 'rev-parse', '--git-common-dir')
  const hooks = gitOutput(root, 'rev-parse', '--git-path', 'hooks')
  if (!top || !common || !hooks) return undefined
  const folder = real(resolve(root, hooks))
  const inside = [top, resolve(root, common)].some((one) => isBelow(real(one), folder))
  if (!inside) {
    throw new UserError({
      message: `the hooks of this repository are in ${folder}, which other repositories use too`,
      hint: 'Give it hooks of its own: git config --local core.hooksPath .git/hooks',
    })
  }
  const project = relative(real(top), real(root)).split(sep).join('/')
  return { folder, project }
}

/** The folder with what a person has written for husky's hooks, where husky makes those (9 or newer). */
export function huskyOf({ folder }: HookPlace): string | undefined {
  const isHusky = basename(folder) === '_' && basename(dirname(folder)) === '.husky'
  return isHusky ? dirname(folder) : undefined
}

/** Puts our hooks in the folder. One that is there and not ours is kept beside, and runs first. */
export function installHooks({ folder, project }: HookPlace): InstalledHook[] {
  for (const name of hookNames) refuseTwoHooks(join(folder, name))
  mkdirSync(folder, { recursive: true })
  return hookNames.map((name) => {
    const path = join(folder, name)
    if (isThere(path) && !isOurs(path)) renameSync(path, path + suffix)
    const fresh = `${path}.erlmcp-${randomBytes(6).toString('hex')}`
    writeFileSync(fresh, hookText(name, project), { mode: 0o755, flag: 'wx' })
    renameSync(fresh, path)
    return { path, chained: isThere(path + suffix) }
  })
}

export interface UninstalledHooks {
  readonly removed: readonly string[]
  /** What somebody has changed, so that it is not ours to remove. */
  readonly kept: readonly string[]
}

/** Takes our hooks away, and puts those of before in their place again. */
export function uninstallHooks({ folder }: HookPlace): UninstalledHooks {
  const paths = hookNames.map((name) => join(folder, name))
  const removed = paths.filter((path) => isThere(path) && isOurs(path))
  const kept = paths.filter((path) => isThere(path) && !isOurs(path) && isThere(path + suffix))
  const changed = paths.filter((path) => isThere(path) && !isOurs(path) && isMarked(path))
  for (const path of paths) {
    if (removed.includes(path)) rmSync(path)
    if (!isThere(path) && isThere(path + suffix)) renameSync(path + suffix, path)
  }
  return { removed, kept: [...new Set([...kept, ...changed])] }
}

/** Removes a folder that has nothing in it. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Something else is in it, or it is gone.
  }
}

function refuseTwoHooks(path: string): void {
  if (!isThere(path) || isOurs(path) || !isThere(path + suffix)) return
  throw new UserError({
    message: `${path} and ${path}${suffix} are both there, and neither is ours`,
    hint: 'Join them in one of the two files, and remove the other.',
  })
}

const marker = '#!/bin/sh\n# Made by erlmcp guard install; erlmcp guard uninstall removes it.\n'

function hookText(name: string, project: string): string {
  const body = `# The hook that was here before runs first, with everything that git gave it.
before=\${0%/*}/${name}${suffix}
if [ -x "$before" ]; then "$before" "$@" || exit; fi
${project === '' ? '' : `cd ${shellWord(project)} || exit\n`}folder=$PWD
while [ ! -x "$folder/node_modules/.bin/erlmcp" ] && [ -n "$folder" ]; do folder=\${folder%/*}; done
if [ -n "$folder" ]; then exec "$folder/node_modules/.bin/erlmcp" guard scan </dev/null; fi
if command -v erlmcp >/dev/null; then exec erlmcp guard scan </dev/null; fi
echo 'erlmcp: not installed here, and without it nothing looks for host execution.' >&2
echo '  Run npm install; --no-verify goes on without looking.' >&2
exit 1
`
  return `${marker}# sha256 of the lines below: ${sha256(body)}\n${body}`
}

function isMarked(path: string): boolean {
  return lstatSync(path).isFile() && readFileSync(path, 'utf8').startsWith(marker)
}

/** Whether we wrote the file, and nobody has changed it since. */
function isOurs(path: string): boolean {
  if (!isMarked(path)) return false
  const rest = readFileSync(path, 'utf8').slice(marker.length)
  const end = rest.indexOf('\n') + 1
  return rest
    .slice(0, end)
    .trimEnd()
    .endsWith(sha256(rest.slice(end)))
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep)
}

/** The path with every link in it resolved, as far as it is there. */
function real(path: string): string {
  if (existsSync(path)) return realpathSync(path)
  const parent = resolve(path, '..')
  return parent === path ? path : join(real(parent), path.slice(parent.length))
}
