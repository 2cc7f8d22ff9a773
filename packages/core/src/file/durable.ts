import { closeSync, fchmodSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { isUserError, UserError } from '../user-error.ts'

// Public, so its signatures do without the types of Node, which disk.ts needs.

/** Writes a new file and syncs it to the disk. The mode is exact, whatever the umask. */
export function writeDurably(path: string, content: string, mode: number): void {
  const bytes = Buffer.from(content)
  const file = openSync(path, 'wx', 0o600)
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    fchmodSync(file, mode)
    sync(file)
  } finally {
    closeSync(file)
  }
}

/** Syncs the entries of a folder to the disk; Windows does so by itself. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    sync(folder)
  } finally {
    closeSync(folder)
  }
}

// Errors of file systems without fsync, such as some network file systems.
const noSync = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR'])

function sync(file: number): void {
  try {
    fsyncSync(file)
  } catch (error) {
    if (!noSync.has((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** Whether the operating system rejected the call, as opposed to invalid arguments. */
function isSystemError(error: unknown): error is { code: string; syscall: string } {
  const { code, syscall, errno } = (error ?? {}) as Partial<NodeJS.ErrnoException>
  return typeof code === 'string' && typeof syscall === 'string' && typeof errno === 'number'
}

function unknownReason(code: string, syscall: string): readonly [string, string] {
  return [`${syscall} failed with ${code}`, 'Check its file system, or choose another --out.']
}

type Reasons = Readonly<Record<string, readonly [message: string, hint: string]>>

const reasons: Reasons = {
  ENOSPC: ['the disk is full', 'Free some space and run the command again.'],
  EDQUOT: ['the disk quota is exceeded', 'Free some space and run the command again.'],
  EROFS: ['the file system is read-only', 'Mount it writable, or choose another --out.'],
  EACCES: ['permission denied', 'Change its owner or mode, or choose another --out.'],
  EPERM: [
    'the file is write-protected',
    'Remove the protection, such as `chattr +i` or the sticky bit of its folder, or choose another --out.',
  ],
  ENOENT: ['cannot create a file there', 'Choose another --out.'],
  ENOTDIR: ['expected a folder, got a file', 'Move the file away, or choose another --out.'],
  EXDEV: [
    'the path is on another file system',
    'Keep all generated files and .erlmcp/ on one file system.',
  ],
  EBUSY: ['a file system is mounted there', 'Unmount it, or choose another --out.'],
  ENAMETOOLONG: ['the name is too long', 'Give the file a shorter path.'],
  EMFILE: ['too many files are open', 'Raise the limit (`ulimit -n`).'],
  ENFILE: ['too many files are open on this machine', 'Close some programs.'],
  ELOOP: ['its symbolic links form a loop', 'Remove the links.'],
  EIO: ['I/O error', 'Check the disk and the kernel log.'],
  EFBIG: [
    'the file is larger than the file system or a limit allows',
    'Make the generated file smaller, or raise the limit (`ulimit -f`).',
  ],
  ETIMEDOUT: ['the file system does not answer', 'Check the connection to its server.'],
  ESTALE: ['the file system does not answer', 'Mount it again.'],
}

/** The same errors of a read. */
export const reading: Reasons = {
  EACCES: ['permission denied', 'Change its owner or mode, or run the command as its owner.'],
  EPERM: ['permission denied', 'Change its owner or mode, or run the command as its owner.'],
}

/** Runs a file system operation; turns an error of the system into a UserError that names `path`. */
export function explainFsErrors<T>(path: string, step: () => T, also: Reasons = {}): T {
  try {
    return step()
  } catch (error) {
    throw explainFsError(error, path, also)
  }
}

/** The UserError of an error of the operating system; any other error as it is. */
export function explainFsError(error: unknown, path: string, also: Reasons = {}): unknown {
  if (isUserError(error) || !isSystemError(error)) return error
  const { code, syscall } = error
  const reason = also[code] ?? reasons[code] ?? unknownReason(code, syscall)
  return new UserError({ message: `${path}: ${reason[0]}`, hint: reason[1], kind: 'environment' })
}
