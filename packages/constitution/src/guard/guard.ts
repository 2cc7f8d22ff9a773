import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { replaceFile, validateNoLinks, writeInPlace } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import {
  findHookFolder,
  type HookFolder,
  huskyFolder,
  type InstalledHook,
  installHooks,
  removeIfEmpty,
  uninstallHooks,
} from './hooks.ts'
import { renderShims } from './shims.ts'

/** The folder of the shims, relative to the project. */
export const shimFolder = '.erlmcp/guard/bin'

const guardFolder = dirname(shimFolder)
const statePath = `${guardFolder}/state.json`
const envrcText = `PATH_add ${shimFolder} # erlmcp guard\n`

export interface GuardOptions {
  /** Whether the shims are added to PATH in the `.envrc` of direnv. Default: false. */
  readonly envrc?: boolean
}

export interface GuardInstalled {
  /** Undefined outside of a git repository, and when husky generates the hooks. */
  readonly hooks: readonly InstalledHook[] | undefined
  /** The folder `.husky`, where the user has to add the scan to the hooks. */
  readonly husky?: string
}

export interface GuardUninstalled {
  /** Whether a guard was installed. */
  readonly found: boolean
  /** Hooks that were changed since, and are not removed. */
  readonly kept: readonly string[]
}

/** What {@link uninstallGuard} needs to know: the folders and text that installing has added. */
interface State {
  readonly folders: readonly string[]
  /** The text added to `.envrc`, and whether the file was created. */
  readonly envrc?: { readonly added: string; readonly created: boolean }
}

/**
 * Installs shims that refuse host execution, and git hooks that scan for it. Existing hooks still run,
 * before these. Idempotent. Hooks that husky generates are not touched: husky overwrites them with
 * every installation of packages.
 *
 * @throws UserError when other repositories use the hooks too, a folder cannot be written, or a path
 * leads through a symbolic link
 * @example
 * installGuard('.', constitution())
 */
export function installGuard(
  root: string,
  map: Constitution,
  options: GuardOptions = {},
): GuardInstalled {
  validateGuardPaths(root, options.envrc === true || readState(root).envrc !== undefined)
  const hooks = findHookFolder(root)
  const husky = hooks && huskyFolder(hooks)
  writeInPlace(guardFolder, () => writeShims(root, map, options, husky ? undefined : hooks))
  if (husky) return { hooks: undefined, husky }
  return { hooks: hooks && writeInPlace(hooks.path, () => installHooks(hooks)) }
}

function writeShims(
  root: string,
  map: Constitution,
  options: GuardOptions,
  hooks: HookFolder | undefined,
): void {
  const before = readState(root)
  const folders = [join(root, '.erlmcp'), ...(hooks ? [hooks.path] : [])]
  const created = folders
    .filter((folder) => !existsSync(folder))
    .map((folder) => relative(root, folder))
  const files = renderShims(map)
  const draft = join(root, `${guardFolder}.${randomBytes(6).toString('hex')}`)
  mkdirSync(join(root, '.erlmcp'), { recursive: true })
  mkdirSync(draft)
  mkdirSync(join(draft, 'bin'))
  for (const { path, text, mode } of files) writeFileSync(join(draft, path), text, { mode })
  writeFileSync(join(draft, '.gitignore'), '*\n')
  const add = () => writeInPlace('.envrc', () => addToEnvrc(root))
  const envrc = before.envrc ?? (options.envrc ? add() : undefined)
  const state: State = { folders: [...before.folders, ...created], ...(envrc && { envrc }) }
  writeFileSync(join(draft, 'state.json'), JSON.stringify(state))
  rmSync(join(root, guardFolder), { recursive: true, force: true })
  renameSync(draft, join(root, guardFolder))
}

/** Checked before the first write: a path through a symbolic link may leave the project. */
function validateGuardPaths(root: string, hasEnvrc: boolean): void {
  validateNoLinks(root, shimFolder)
  if (hasEnvrc) validateNoLinks(root, '.envrc')
}

/**
 * Removes what {@link installGuard} has written, and nothing else.
 *
 * @throws UserError when a path leads through a symbolic link
 */
export function uninstallGuard(root: string): GuardUninstalled {
  validateNoLinks(root, shimFolder)
  const hooks = findHookFolder(root)
  const hasShims = existsSync(join(root, guardFolder))
  const { folders, envrc } = readState(root)
  validateGuardPaths(root, envrc !== undefined)
  const { removed, kept } = hooks ? uninstallHooks(hooks) : { removed: [], kept: [] }
  if (envrc !== undefined) removeFromEnvrc(root, envrc)
  rmSync(join(root, guardFolder), { recursive: true, force: true })
  // The state file may have been edited: only these folders can be ours.
  const own = [join(root, '.erlmcp'), ...(hooks ? [hooks.path] : [])]
  for (const folder of own) {
    if (folders.includes(relative(root, folder))) removeIfEmpty(folder)
  }
  return { found: hasShims || removed.length > 0, kept }
}

function readState(root: string): State {
  const file = join(root, statePath)
  if (!existsSync(file)) return { folders: [] }
  try {
    const { folders, envrc } = JSON.parse(readFileSync(file, 'utf8'))
    if (folders.every((one: unknown) => typeof one === 'string')) return { folders, envrc }
  } catch {
    // An edited state file: what was added to `.envrc` is known without it.
  }
  return { folders: [], envrc: { added: envrcText, created: false } }
}

function addToEnvrc(root: string): NonNullable<State['envrc']> {
  const file = join(root, '.envrc')
  const created = !existsSync(file)
  const text = created ? '' : readFileSync(file, 'utf8')
  const added = text === '' || text.endsWith('\n') ? envrcText : `\n${envrcText}`
  writeEnvrc(root, text + added)
  return { added, created }
}

function removeFromEnvrc(root: string, { added, created }: NonNullable<State['envrc']>): void {
  const file = join(root, '.envrc')
  if (!existsSync(file)) return
  const text = readFileSync(file, 'utf8')
  const without = text.includes(added) ? text.replace(added, '') : text.replace(envrcText, '')
  if (without === '' && created) rmSync(file)
  else if (without !== text) writeEnvrc(root, without)
}

/** Replaces the file atomically and keeps its mode. */
function writeEnvrc(root: string, text: string): void {
  const file = join(root, '.envrc')
  const mode = existsSync(file) ? statSync(file).mode & 0o777 : 0o666
  replaceFile(root, '.envrc', text, mode)
}
