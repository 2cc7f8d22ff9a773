import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { link, open, readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describeFileKind, UserError } from '@erlmcp/core'
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
 * @param unfinished the temporary name
 * @returns who can read it, or `undefined` where the file exists
 */
export async function createSecretFile(
  target: SecretTarget,
  content: string,
  unfinished = join(dirname(target.file), temporarySecretName(randomBytes(8).toString('hex'))),
): Promise<Access | undefined> {
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
    return (await linkTo(unfinished, target)) ? access : undefined
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

/** Waits until the entries of a directory are on the disk. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
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
  if (stats.size === 0 || (await readIfPermitted(file))?.trim() === '') {
    throw new UserError({
      message: 'file is empty',
      hint: `Remove ${path} and run again to create it, or put the content there.`,
    })
  }
  return true
}

// Far more than any secret has: a misplaced dump is not read into memory.
const longest = 16 * 1024 * 1024

/**
 * Reads a secret; `undefined` where this user may not.
 *
 * @throws UserError for anything but a regular file, since a pipe would block, and for a huge one
 */
export async function readIfPermitted(file: string): Promise<string | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  try {
    const handle = await open(file, flags)
    try {
      const stats = await handle.stat()
      if (!stats.isFile()) throw notAFile(file, describeFileKind(stats))
      if (stats.size > longest) throw tooLong(file, stats.size)
      return await readFile(handle, 'utf8')
    } finally {
      await handle.close()
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES') return undefined
    if (code === 'ENXIO') throw notAFile(file, 'a socket or device')
    if (code === 'ELOOP') throw notAFile(file, 'a symbolic link')
    throw error
  }
}

const tooLong = (file: string, size: number): UserError =>
  new UserError({
    message: `${file}: expected at most ${longest} bytes, got ${size}`,
    hint: 'Remove it, or put the secret there, and run again.',
  })

const notAFile = (file: string, kind: string): UserError =>
  new UserError({
    message: `${file}: expected a regular file, got ${kind}`,
    hint: 'Remove it and run again.',
  })
