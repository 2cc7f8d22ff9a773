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
  type HookPlace,
  hookPlace,
  huskyOf,
  type InstalledHook,
  installHooks,
  removeIfEmpty,
  uninstallHooks,
} from './hooks.ts'
import { shims } from './shims.ts'

/** The folder of the shims, for PATH. */
export const shimFolder = '.erlmcp/guard/bin'

const guardFolder = dirname(shimFolder)
const statePath = `${guardFolder}/state.json`
const envrcText = `PATH_add ${shimFolder} # erlmcp guard\n`

export interface GuardOptions {
  /** Put the shims on PATH in the `.envrc` of direnv too. Default: no. */
  readonly envrc?: boolean
}

export interface GuardInstalled {
  /** Undefined where the folder is in no git repository, or husky makes the hooks. */
  readonly hooks: readonly InstalledHook[] | undefined
  /** Where husky looks for what a person wants of a hook: there a line is added by hand. */
  readonly husky?: string
}

export interface GuardUninstalled {
  /** Whether there was a guard. */
  readonly found: boolean
  /** What somebody has changed since, and is left as it is. */
  readonly kept: readonly string[]
}

/** What uninstall cannot see by itself: folders and text that were not there before. */
interface State {
  readonly folders: readonly string[]
  /** What was added to `.envrc`, and whether that was there. */
  readonly envrc?: { readonly added: string; readonly made: boolean }
}

/**
 * Puts shims that refuse host execution into the project, and hooks that scan for it into its git
 * repository. Hooks that are there go on to run. Installing twice is installing once. Where husky
 * makes the hooks, they are left to it: it makes them anew with every installation of packages.
 *
 * @throws UserError when the repository shares its hooks with others, a folder cannot be written, or
 * a symbolic link is in the way
 * @example
 * installGuard('.', constitution())
 */
export function installGuard(
  root: string,
  map: Constitution,
  options: GuardOptions = {},
): GuardInstalled {
  refuseForeignLinks(root, options.envrc === true || readState(root).envrc !== undefined)
  const place = hookPlace(root)
  const husky = place && huskyOf(place)
  writeInPlace(guardFolder, () => putShims(root, map, options, husky ? undefined : place))
  if (husky) return { hooks: undefined, husky }
  return { hooks: place && writeInPlace(place.folder, () => installHooks(place)) }
}

function putShims(
  root: string,
  map: Constitution,
  options: GuardOptions,
  place: HookPlace | undefined,
): void {
  const before = readState(root)
  const folders = [join(root, '.erlmcp'), ...(place ? [place.folder] : [])]
  const made = folders
    .filter((folder) => !existsSync(folder))
    .map((folder) => relative(root, folder))
  const files = shims(map)
  const fresh = join(root, `${guardFolder}.${randomBytes(6).toString('hex')}`)
  mkdirSync(join(root, '.erlmcp'), { recursive: true })
  mkdirSync(fresh)
  mkdirSync(join(fresh, 'bin'))
  for (const { path, text, mode } of files) writeFileSync(join(fresh, path), text, { mode })
  writeFileSync(join(fresh, '.gitignore'), '*\n')
  const add = () => writeInPlace('.envrc', () => addToEnvrc(root))
  const envrc = before.envrc ?? (options.envrc ? add() : undefined)
  const state: State = { folders: [...before.folders, ...made], ...(envrc && { envrc }) }
  writeFileSync(join(fresh, 'state.json'), JSON.stringify(state))
  rmSync(join(root, guardFolder), { recursive: true, force: true })
  renameSync(fresh, join(root, guardFolder))
}

/** Before anything is written: what a link leads to is not the project's. */
function refuseForeignLinks(root: string, hasEnvrc: boolean): void {
  validateNoLinks(root, shimFolder)
  if (hasEnvrc) validateNoLinks(root, '.envrc')
}

/**
 * Takes away everything that {@link installGuard} has put there, and nothing else.
 *
 * @throws UserError when a symbolic link is in the way
 */
export function uninstallGuard(root: string): GuardUninstalled {
  validateNoLinks(root, shimFolder)
  const place = hookPlace(root)
  const hasShims = existsSync(join(root, guardFolder))
  const { folders, envrc } = readState(root)
  refuseForeignLinks(root, envrc !== undefined)
  const { removed, kept } = place ? uninstallHooks(place) : { removed: [], kept: [] }
  if (envrc !== undefined) removeFromEnvrc(root, envrc)
  rmSync(join(root, guardFolder), { recursive: true, force: true })
  // The note may have been changed: no other folder is ours to remove.
  const own = [join(root, '.erlmcp'), ...(place ? [place.folder] : [])]
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
    // Somebody has changed it: what is ours is told by itself.
  }
  return { folders: [], envrc: { added: envrcText, made: false } }
}

function addToEnvrc(root: string): NonNullable<State['envrc']> {
  const file = join(root, '.envrc')
  const made = !existsSync(file)
  const text = made ? '' : readFileSync(file, 'utf8')
  const added = text === '' || text.endsWith('\n') ? envrcText : `\n${envrcText}`
  writeEnvrc(root, text + added)
  return { added, made }
}

function removeFromEnvrc(root: string, { added, made }: NonNullable<State['envrc']>): void {
  const file = join(root, '.envrc')
  if (!existsSync(file)) return
  const text = readFileSync(file, 'utf8')
  const without = text.includes(added) ? text.replace(added, '') : text.replace(envrcText, '')
  if (without === '' && made) rmSync(file)
  else if (without !== text) writeEnvrc(root, without)
}

/** Whole or not at all, with the mode that it has. */
function writeEnvrc(root: string, text: string): void {
  const file = join(root, '.envrc')
  const mode = existsSync(file) ? statSync(file).mode & 0o777 : 0o666
  replaceFile(root, '.envrc', text, mode)
}
