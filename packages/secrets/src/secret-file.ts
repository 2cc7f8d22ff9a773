import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { link, open, readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '@erlmcp/core'
import { type Access, accessFault, accessHelp, giveTo } from './access.ts'
import { ignoreMissing, kindOf, lstatOrMissing, unfinishedName } from './directory.ts'

/** A secret on its way to the disk. */
export interface Place {
  /** Absolute. */
  readonly file: string
  /** Relative to the project, for words. */
  readonly path: string
  readonly readers: readonly number[]
}

/**
 * Writes a secret under its name, unless there is something of that name: then nothing happens.
 * It comes under a name of its own, mode 0 until it has its owner and mode, and gets its real name
 * by `link`, which never replaces. So the real name only ever stands for a whole secret, and of two
 * runs at once one wins.
 *
 * @param unfinished the name until it is whole
 * @returns who can read it, or undefined when the name was taken
 */
export async function place(
  target: Place,
  content: string,
  unfinished = join(dirname(target.file), unfinishedName(randomBytes(8).toString('hex'))),
): Promise<Access | undefined> {
  const handle = await open(
    unfinished,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0,
  )
  try {
    let access: Access
    try {
      access = await giveTo(handle, target.readers)
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    return (await linked(unfinished, target)) ? access : undefined
  } finally {
    await unlink(unfinished).catch(ignoreMissing)
  }
}

async function linked(unfinished: string, target: Place): Promise<boolean> {
  try {
    await link(unfinished, target.file)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP') {
      throw new UserError({
        message:
          'this file system has no hard links, which keep half-written secrets from their name',
        hint: 'Keep the project on a Linux or macOS file system.',
      })
    }
    throw error
  }
}

/** Makes the new names last through a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Whether the secret exists already.
 *
 * @throws UserError when what exists cannot serve as the secret; it is left as it is
 */
export async function isKept({ file, path, readers }: Place): Promise<boolean> {
  const stats = await lstatOrMissing(file)
  if (stats === undefined) return false
  if (!stats.isFile()) {
    const docker = stats.isDirectory() ? ' Docker makes one when it mounts a missing file.' : ''
    throw new UserError({
      message: `there is ${kindOf(stats)} in its place`,
      hint: `Remove ${path} and run again.${docker}`,
    })
  }
  const violation = accessFault(stats, readers)
  if (violation !== undefined)
    throw new UserError({ message: violation, hint: accessHelp(path, readers) })
  if (stats.size === 0 || (await readable(file))?.trim() === '') {
    throw new UserError({
      message: 'it is empty',
      hint: `Remove ${path} and run again to have it made, or put the content there.`,
    })
  }
  return true
}

// Far more than any secret has: a dump that lies there by mistake is not read into memory.
const longest = 16 * 1024 * 1024

/**
 * The content, or undefined when this user may not read it.
 *
 * @throws UserError for what is not a regular file, as a pipe would block, and for a huge one
 */
export async function readable(file: string): Promise<string | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  try {
    const handle = await open(file, flags)
    try {
      const stats = await handle.stat()
      if (!stats.isFile()) throw notAFile(file, kindOf(stats))
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
