import type { Stats } from 'node:fs'
import { chmod, lstat, mkdir, readdir, realpath, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describeFileKind, UserError } from '@erlmcp/core'

/** `lstat`, or `undefined` for a missing file. */
export async function lstatIfExists(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Resolves links at and above the project: only those below it matter to secrets. */
export async function resolveRoot(root: string): Promise<string> {
  const real = await realpath(root).catch(() => undefined)
  if (real === undefined || !(await stat(real)).isDirectory()) {
    throw new UserError({
      message: `${root}: expected a directory`,
      hint: 'Name the directory of the stack.',
    })
  }
  return real
}

// Beyond what leads out of the project: a control character could write to the terminal, and `\`
// means another thing on another system.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are rejected
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\\]/

/** Finds why a path cannot be that of a secret. */
export function findPathError(path: string): string | undefined {
  const parts = path.split('/')
  if (unprintable.test(path)) return 'has a control character or a backslash'
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'is not relative to the project'
  if (parts.includes('..')) return 'leaves its directory'
  if (parts.some((part) => part === '' || part === '.')) return 'has an empty part or a dot'
  if (parts.length < 2)
    return 'is directly in the project directory, which would be closed to other users'
  if (parts.some((part) => Buffer.byteLength(part) > 255)) return 'has a name over 255 bytes'
  if (isUnfinished(parts.at(-1)!)) return 'has the name of an unfinished secret'
  return undefined
}

/**
 * Creates the directory of a secret (0700) and its parents. An existing one, such as a checked-out
 * directory with only a `.gitignore`, is closed to other users.
 *
 * @returns whether an existing directory had to be closed
 * @throws UserError when a link or a file is in the way
 */
export async function prepareDirectory(root: string, directory: string): Promise<boolean> {
  const parent = dirname(directory)
  if (parent !== '.') await prepareParent(root, parent)
  const existed = await prepareParent(root, directory)
  const path = join(root, directory)
  const open = ((await lstat(path)).mode & 0o777) !== 0o700
  if (open) await chmod(path, 0o700)
  await removeUnfinished(path)
  return existed && open
}

async function prepareParent(root: string, directory: string): Promise<boolean> {
  const parent = dirname(directory)
  if (parent !== '.') await prepareParent(root, parent)
  const path = join(root, directory)
  let stats = await lstatIfExists(path)
  const existed = stats !== undefined
  if (stats === undefined) {
    // A concurrent run may create it first, which `recursive` accepts.
    await mkdir(path, { recursive: true, mode: 0o700 })
    stats = await lstat(path)
  }
  if (stats.isDirectory()) return existed
  throw new UserError({
    message: `${directory} is ${describeFileKind(stats)}, not a directory`,
    hint: 'Secrets are created only in real directories of the project. Remove it, or choose another path.',
  })
}

const unfinished = /^\.erlmcp-[0-9a-f]{16}\.unfinished$/

/** The name of a secret until it is complete. */
export function temporarySecretName(random: string): string {
  return `.erlmcp-${random}.unfinished`
}

export function isUnfinished(name: string): boolean {
  return unfinished.test(name)
}

// Leftovers of killed runs. Creating a secret takes milliseconds, so files younger than a minute may
// belong to a concurrent run.
async function removeUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!isUnfinished(name)) continue
    const path = join(directory, name)
    const stats = await lstatIfExists(path)
    if (stats && Date.now() - stats.mtimeMs > 60_000) await unlink(path).catch(ignoreMissing)
  }
}

/** For `catch` after removing a file that a concurrent run may have removed. */
export function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
