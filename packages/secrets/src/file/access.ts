import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { shellWord, UserError } from '@erlmcp/core'

/** Owner and mode that a secret file has got. */
export interface Access {
  readonly mode: 0o400 | 0o444
  readonly uid: number
}

/**
 * Sets owner and mode of an open, still empty file. Compose mounts a file secret with the owner and
 * mode that it has on the host, so they must suit the users inside the containers.
 *
 * A single reader owns its secret, 0400. Several readers, or one to which this user cannot give the
 * file (only root can), need 0444: other users of the host cannot enter the directory. Why not a
 * group: docs/decisions/002-secret-files.md.
 */
export async function grantAccess(handle: FileHandle, readers: readonly number[]): Promise<Access> {
  const [reader, ...others] = readers
  const owned = others.length === 0 && (reader === undefined || (await chown(handle, reader)))
  const mode = owned ? 0o400 : 0o444
  await handle.chmod(mode)
  const stats = await handle.stat()
  if ((stats.mode & 0o777) !== mode) {
    throw new UserError({
      message: 'the file system does not keep file modes: every user could read the secret',
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

/** Formats who may read a file: `0400, user 1000`. */
export function describeAccess({ mode, uid }: Access, readers: readonly number[]): string {
  if (mode === 0o400) return `0400, user ${uid}`
  const why = readers.length > 1 ? '' : ': only root can change the owner'
  return `0444 in a closed directory, ${users(readers)}${why}`
}

/**
 * Finds what is wrong with owner and mode of an existing file. Judged is the effect: every reader
 * can read it, and no bit is set that no reader needs.
 */
export function findAccessError(stats: Stats, readers: readonly number[]): string | undefined {
  const mode = stats.mode & 0o777
  const covered = (uid: number): boolean => {
    if (uid === 0) return true
    if (stats.uid === uid) return (mode & 0o400) !== 0
    // The group of a container's user usually has the user's number.
    if (stats.gid === uid) return (mode & 0o040) !== 0
    return (mode & 0o004) !== 0
  }
  const excluded = readers.filter((uid) => !covered(uid))
  if (excluded.length > 0) {
    return `${users(excluded)} in the container cannot read it (mode ${octal(mode)}, owner ${stats.uid})`
  }
  const foreign = readers.filter((uid) => uid !== 0 && uid !== stats.uid)
  const needsOther = foreign.some((uid) => uid !== stats.gid)
  const needed = needsOther ? 0o044 : foreign.length > 0 ? 0o040 : 0
  if ((mode & 0o077 & ~needed) !== 0) {
    return `its mode ${octal(mode)} allows more than ${readers.length > 0 ? users(readers) : 'its owner'} needs`
  }
  return undefined
}

/** The commands that fix what {@link findAccessError} found. */
export function accessHint(path: string, readers: readonly number[]): string {
  const [reader, ...others] = readers
  const file = shellWord(path)
  if (others.length > 0) return `Run: chmod 444 ${file}`
  if (reader === undefined) return `Run: chmod 400 ${file}`
  return `Run: sudo chown ${reader} ${file} && sudo chmod 400 ${file}`
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0')
const users = (uids: readonly number[]): string =>
  uids.length === 1 ? `user ${uids[0]}` : `users ${uids.join(', ')}`
