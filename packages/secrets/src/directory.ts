import type { Stats } from 'node:fs'
import { chmod, lstat, mkdir, readdir, realpath, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '@erlmcp/core'

/** The file's state, or undefined when there is none. Links are not followed. */
export async function lstatOrMissing(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The project as a real directory, so that a link at or above it is no concern of the secrets. */
export async function realRoot(root: string): Promise<string> {
  const real = await realpath(root).catch(() => undefined)
  if (real === undefined || !(await stat(real)).isDirectory()) {
    throw new UserError({
      message: `${root} is no directory`,
      hint: 'Name the directory that holds the stack.',
    })
  }
  return real
}

// Beyond what leads out of the project: a control character could write to the terminal, and `\`
// means another thing on another system.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\\]/

/** Why this cannot be the path of a secret, if so. */
export function pathFault(path: string): string | undefined {
  const parts = path.split('/')
  if (unprintable.test(path)) return 'has a control character or a backslash'
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'is not relative to the project'
  if (parts.includes('..')) return 'leads out of its directory'
  if (parts.some((part) => part === '' || part === '.')) return 'has an empty part or a dot'
  if (parts.length < 2) return 'lies in the project directory, which would have to be closed'
  if (parts.some((part) => Buffer.byteLength(part) > 255)) return 'has a name over 255 bytes'
  if (isUnfinished(parts.at(-1)!)) return 'is named like an unfinished secret'
  return undefined
}

/**
 * Makes the directory of a secret, open to its owner alone (0700), with its parents. One that
 * exists, such as a checked-out one with only a `.gitignore`, is closed.
 *
 * @returns whether an existing directory had to be closed
 * @throws UserError when a link or a file is in the way
 */
export async function closedDirectory(root: string, directory: string): Promise<boolean> {
  const parent = dirname(directory)
  if (parent !== '.') await realDirectory(root, parent)
  const existed = await realDirectory(root, directory)
  const path = join(root, directory)
  const open = ((await lstat(path)).mode & 0o777) !== 0o700
  if (open) await chmod(path, 0o700)
  await removeUnfinished(path)
  return existed && open
}

async function realDirectory(root: string, directory: string): Promise<boolean> {
  const parent = dirname(directory)
  if (parent !== '.') await realDirectory(root, parent)
  const path = join(root, directory)
  let stats = await lstatOrMissing(path)
  const existed = stats !== undefined
  if (stats === undefined) {
    // Another run may be first; recursive makes that no error, and the parent is there.
    await mkdir(path, { recursive: true, mode: 0o700 })
    stats = await lstat(path)
  }
  if (stats.isDirectory()) return existed
  throw new UserError({
    message: `${directory} is ${kindOf(stats)}, not a directory`,
    hint: 'Secrets are only made below real directories of the project. Remove it or name another path.',
  })
}

/** What stands at a path that should be a plain file or directory. */
export function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link'
  if (stats.isDirectory()) return 'a directory'
  return stats.isFile() ? 'a file' : 'a device, pipe or socket'
}

const unfinished = /^\.erlmcp-[0-9a-f]{16}\.unfinished$/

/** The name a secret has until it is whole. */
export function unfinishedName(random: string): string {
  return `.erlmcp-${random}.unfinished`
}

export function isUnfinished(name: string): boolean {
  return unfinished.test(name)
}

// What a killed run left. Making a secret takes milliseconds, so a minute spares the runs that are
// still at it; one that loses its file nonetheless fails with words and can be run again.
async function removeUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!isUnfinished(name)) continue
    const path = join(directory, name)
    const stats = await lstatOrMissing(path)
    if (stats && Date.now() - stats.mtimeMs > 60_000) await unlink(path).catch(ignoreMissing)
  }
}

/** For `catch` after removing what another run may have removed. */
export function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
