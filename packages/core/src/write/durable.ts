import { closeSync, fchmodSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { isUserError, UserError } from '../user-error.ts'

// Apart from disk.ts, whose types are Node's: these are public, and who uses them need not have
// the types of Node.

/** Writes a new file and waits until it is on the disk. The mode is exact, whatever the umask. */
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

/** Waits until the entries of a folder are on the disk. Windows cannot, and need not. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    sync(folder)
  } finally {
    closeSync(folder)
  }
}

// What a file system answers that has no fsync, for folders or at all, as some network ones.
const noSync = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR'])

function sync(file: number): void {
  try {
    fsyncSync(file)
  } catch (error) {
    if (!noSync.has((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** Whether the operating system refused a call, as against a wrong use of the call. */
function isSystemError(error: unknown): error is { code: string; syscall: string } {
  const { code, syscall, errno } = (error ?? {}) as Partial<NodeJS.ErrnoException>
  return typeof code === 'string' && typeof syscall === 'string' && typeof errno === 'number'
}

function unknownReason(code: string, syscall: string): readonly [string, string] {
  return [`${syscall} failed with ${code}`, 'Check its file system, or choose another --out.']
}

type Reasons = Readonly<Record<string, readonly [message: string, hint: string]>>

const reasons: Reasons = {
  ENOSPC: ['the disk is full', 'Make room and run it again.'],
  EDQUOT: ['your share of the disk is used up', 'Make room and run it again.'],
  EROFS: ['it is on a read-only file system', 'Mount it writable, or choose another --out.'],
  EACCES: ['you may not write there', 'Change its owner or mode, or choose another --out.'],
  EPERM: [
    'it is protected against writing',
    'Remove the protection, such as `chattr +i` or the sticky bit of its folder, or choose another --out.',
  ],
  ENOENT: ['nothing can be made there', 'Choose another --out.'],
  ENOTDIR: ['a file is in the way of a folder', 'Move it away, or choose another --out.'],
  EXDEV: ['it is on another file system', 'All generated files must be on one, with .erlmcp/.'],
  EBUSY: ['something is mounted there', 'Unmount it, or choose another --out.'],
  ENAMETOOLONG: ['the name is too long', 'Give the file a shorter path.'],
  EMFILE: ['too many files are open', 'Raise the limit (`ulimit -n`).'],
  ENFILE: ['too many files are open on this machine', 'Close some programs.'],
  ELOOP: ['its links go in a circle', 'Remove the links.'],
  EIO: ['I/O error', 'Check the disk and the log of the kernel.'],
  EFBIG: [
    'the file is larger than the file system or a limit allows',
    'Make the generated file smaller, or raise the limit (`ulimit -f`).',
  ],
  ETIMEDOUT: ['the file system does not answer', 'Check the connection to its server.'],
  ESTALE: ['the file system does not answer', 'Mount it again.'],
}

/** What the same refusals mean to who only wants to read. */
export const reading: Reasons = {
  EACCES: ['you may not read it', 'Change its owner or mode, or run it as its owner.'],
  EPERM: ['you may not read it', 'Change its owner or mode, or run it as its owner.'],
}

/** Runs a step on the disk; what the machine refuses is told in words, naming `path`. */
export function explainFsErrors<T>(path: string, step: () => T, also: Reasons = {}): T {
  try {
    return step()
  } catch (error) {
    throw explainFsError(error, path, also)
  }
}

/** The same error in words, when it is one that the machine and not the program is to blame for. */
export function explainFsError(error: unknown, path: string, also: Reasons = {}): unknown {
  if (isUserError(error) || !isSystemError(error)) return error
  const { code, syscall } = error
  const reason = also[code] ?? reasons[code] ?? unknownReason(code, syscall)
  return new UserError({ message: `${path}: ${reason[0]}`, hint: reason[1], kind: 'environment' })
}
