import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { link, open, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  describeFileKind,
  IrregularFileError,
  readRegularText,
  syncFolder,
  UserError,
} from '@erlmcp/core'
import { type Access, accessHint, findAccessError, grantAccess } from './access.ts'
import { ignoreMissing, lstatIfExists, temporarySecretName } from './directory.ts'

/** Where a secret is written. */
export interface SecretTarget {
  /** Absolute. */
  readonly file: string
  /** Relative to the project, for messages. */
  readonly path: string
  readonly readers: readonly number[]
}

/**
 * Writes a new secret file; an existing one is left alone. The file has a temporary name, and mode 0,
 * until owner, mode and content are set. `link`, which never replaces a file, gives it its name: a
 * secret of that name is always complete, and one of several concurrent runs wins.
 *
 * @returns who can read it, or `undefined` where the file exists
 */
export function createSecretFile(
  target: SecretTarget,
  content: string,
): Promise<Access | undefined> {
  const random = randomBytes(8).toString('hex')
  const unfinished = join(dirname(target.file), temporarySecretName(random))
  return writeUnfinished(unfinished, target, content, async (access) =>
    (await linkTo(unfinished, target)) ? access : undefined,
  )
}

/**
 * Writes a secret file, in place of an existing one.
 *
 * @param unfinished its name until it is complete
 */
export async function replaceSecretFile(
  target: SecretTarget,
  content: string,
  unfinished: string,
): Promise<void> {
  await writeUnfinished(unfinished, target, content, () => rename(unfinished, target.file))
  syncFolder(dirname(target.file))
}

async function writeUnfinished<T>(
  unfinished: string,
  target: SecretTarget,
  content: string,
  place: (access: Access) => Promise<T>,
): Promise<T> {
  const handle = await open(
    unfinished,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0,
  )
  try {
    let access: Access
    try {
      access = await grantAccess(handle, target.readers)
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    return await place(access)
  } finally {
    await unlink(unfinished).catch(ignoreMissing)
  }
}

async function linkTo(unfinished: string, target: SecretTarget): Promise<boolean> {
  try {
    await link(unfinished, target.file)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP') {
      throw new UserError({
        message:
          'the file system does not support hard links, without which a secret could be seen half-written',
        hint: 'Keep the project on a Linux or macOS file system.',
      })
    }
    throw error
  }
}

/**
 * Whether a secret exists.
 *
 * @throws UserError where what exists cannot be the secret; it is left as it is
 */
export async function isExistingSecret({ file, path, readers }: SecretTarget): Promise<boolean> {
  const stats = await lstatIfExists(file)
  if (stats === undefined) return false
  if (!stats.isFile()) {
    const docker = stats.isDirectory()
      ? ' Docker creates a directory when it mounts a missing file.'
      : ''
    throw new UserError({
      message: `expected a regular file, got ${describeFileKind(stats)}`,
      hint: `Remove ${path} and run again.${docker}`,
    })
  }
  const violation = findAccessError(stats, readers)
  if (violation !== undefined)
    throw new UserError({ message: violation, hint: accessHint(path, readers) })
  if (stats.size === 0 || readIfPermitted(file)?.trim() === '') {
    throw new UserError({
      message: 'file is empty',
      hint: `Remove ${path} and run again to create it, or put the content there.`,
    })
  }
  return true
}

/** @throws UserError where this user may not read it */
export function readSecret({ file, path }: SecretTarget): string {
  const content = readIfPermitted(file)
  if (content !== undefined) return content
  throw new UserError({
    message: `this user may not read ${path}`,
    hint: 'Run the command as the owner of that file, or as root.',
  })
}

/**
 * Reads a secret; `undefined` where this user may not.
 *
 * @throws UserError for anything but a regular file, and for more than 16 MB: a misplaced dump
 */
export function readIfPermitted(file: string): string | undefined {
  try {
    return readRegularText(file, { links: false, limit: 16e6 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return undefined
    if (!(error instanceof IrregularFileError)) throw error
    throw new UserError({
      message: `${file}: ${error.message}`,
      hint: 'Remove it, or put the secret there, and run again.',
    })
  }
}
