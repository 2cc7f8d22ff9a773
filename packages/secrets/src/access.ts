import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { UserError } from '@erlmcp/core'

/** Owner and mode of a secret file, as they came to be. */
export interface Access {
  readonly mode: 0o400 | 0o444
  readonly uid: number
}

/**
 * Gives an open, still empty file to its readers. Compose mounts a file secret with the owner and
 * mode it has on the host, so these must suit the users inside the containers.
 *
 * One reader owns its secret, 0400. Several readers, or one that the file cannot be given to (only
 * root gives files away), need 0444: the directory, which only its owner enters, then keeps the
 * rest of the host out. Why not a group: docs/decisions/002-secret-files.md.
 */
export async function giveTo(handle: FileHandle, readers: readonly number[]): Promise<Access> {
  const [reader, ...others] = readers
  const owned = others.length === 0 && (reader === undefined || (await chown(handle, reader)))
  const mode = owned ? 0o400 : 0o444
  await handle.chmod(mode)
  const stats = await handle.stat()
  if ((stats.mode & 0o777) !== mode) {
    throw new UserError({
      message:
        'this file system does not keep file modes, so the secret would be open to everybody',
      hint: 'Keep the project on a Linux file system: inside WSL, not on a mounted Windows drive.',
    })
  }
  return { mode, uid: stats.uid }
}

// The kernel is asked, not the user id: root in a container may lack CAP_CHOWN (EPERM), and a user
// namespace may not know the reader (EINVAL).
async function chown(handle: FileHandle, uid: number): Promise<boolean> {
  try {
    await handle.chown(uid, -1)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EPERM' || code === 'EINVAL') return false
    throw error
  }
}

/** Who may read it, in words: `0400, user 1000`. */
export function describeAccess({ mode, uid }: Access, readers: readonly number[]): string {
  if (mode === 0o400) return `0400, user ${uid}`
  const why = readers.length > 1 ? '' : ', as only root can give it the file'
  return `0444 in a closed directory, ${users(readers)}${why}`
}

/**
 * What is wrong with the owner and mode of a file that exists already, judged by effect: every
 * reader can read it, nobody else gets a bit that no reader needs.
 */
export function accessFault(stats: Stats, readers: readonly number[]): string | undefined {
  const mode = stats.mode & 0o777
  const covered = (uid: number): boolean => {
    if (uid === 0) return true
    if (stats.uid === uid) return (mode & 0o400) !== 0
    // The group of a container's user is taken to have the user's number.
    if (stats.gid === uid) return (mode & 0o040) !== 0
    return (mode & 0o004) !== 0
  }
  const shut = readers.filter((uid) => !covered(uid))
  if (shut.length > 0) {
    return `${users(shut)} in the container cannot read it (mode ${octal(mode)}, owner ${stats.uid})`
  }
  const strangers = readers.filter((uid) => uid !== 0 && uid !== stats.uid)
  const everybody = strangers.some((uid) => uid !== stats.gid)
  const needed = everybody ? 0o044 : strangers.length > 0 ? 0o040 : 0
  if ((mode & 0o077 & ~needed) !== 0) {
    return `its mode ${octal(mode)} allows more than ${readers.length > 0 ? users(readers) : 'its owner'} needs`
  }
  return undefined
}

/** The commands that mend what {@link accessFault} found. */
export function accessHelp(path: string, readers: readonly number[]): string {
  const [reader, ...others] = readers
  const file = shellWord(path)
  if (others.length > 0) return `Run: chmod 444 ${file}`
  if (reader === undefined) return `Run: chmod 400 ${file}`
  return `Run: sudo chown ${reader} ${file} && sudo chmod 400 ${file}`
}

function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0')
const users = (uids: readonly number[]): string =>
  uids.length === 1 ? `user ${uids[0]}` : `users ${uids.join(', ')}`
