import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  type Stats,
  writeSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { type DiskFile, sha256 } from './artifact.ts'
import { isUserError, UserError } from './user-error.ts'

/**
 * The folder that everything is written into, with every link of its own path resolved: a person
 * may well work in a linked folder, only nothing below it may be one.
 */
export function openRoot(root: string): string {
  const stat = lookAt(resolve(root), (path) => lstatSync(realpathSync(path)))
  if (stat && !stat.isDirectory()) {
    throw new UserError({ what: `${root} is not a folder`, help: 'Give a folder to write into.' })
  }
  if (!stat && statOf(resolve(root))) {
    throw new UserError({ what: `${root} is a link to nothing`, help: 'Remove or mend the link.' })
  }
  return stat ? realpathSync(root) : resolve(root)
}

/**
 * The file at a path of the project, or undefined when there is none.
 *
 * @throws UserError when a part of the path is a link, or anything but a folder and at the end a
 * regular file
 */
export function readDisk(root: string, path: string): DiskFile | undefined {
  const stat = walk(root, path)
  if (!stat) return undefined
  if (!stat.isFile()) {
    throw new UserError({
      what: `${path} is ${kindOf(stat)}, and a file is to be written there`,
      help: 'Move it away, or give the generated file another path.',
    })
  }
  const content = inWords(path, () => readFileSync(join(root, path)), reading)
  return { content, sha256: sha256(content), mode: stat.mode & 0o777 }
}

/** The text of a file of ours; undefined when there is none. */
export function readText(root: string, path: string): string | undefined {
  const file = readDisk(root, path)
  return file && Buffer.from(file.content).toString('utf8')
}

/** Looks at each folder on the way to `path`, and returns what is at its end. */
function walk(root: string, path: string): Stats | undefined {
  const parts = path.split('/')
  let at = root
  for (const [index, part] of parts.entries()) {
    at = join(at, part)
    const stat = statOf(at)
    if (!stat) return undefined
    const shown = parts.slice(0, index + 1).join('/')
    if (stat.isSymbolicLink()) {
      throw new UserError({
        what: `${shown} is a symbolic link, and nothing is written through links`,
        help: 'Replace the link by what it points to, or give the file another path.',
      })
    }
    if (index + 1 === parts.length) return stat
    if (!stat.isDirectory()) {
      throw new UserError({
        what: `${shown} is ${kindOf(stat)}, and a folder is needed for ${path}`,
        help: 'Move it away, or give the generated file another path.',
      })
    }
  }
  return undefined
}

/** What is at the path itself, if it is a link the link; undefined when nothing is there. */
export function statOf(path: string): Stats | undefined {
  return lookAt(path, (at) => lstatSync(at))
}

/** What `look` says of the path, or undefined when nothing is there. */
export function lookAt<T>(path: string, look: (path: string) => T): T | undefined {
  try {
    return look(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw explain(error, path, reading)
  }
}

function kindOf(stat: Stats): string {
  if (stat.isDirectory()) return 'a folder'
  if (stat.isSymbolicLink()) return 'a symbolic link'
  return stat.isFile() ? 'a file' : 'a device or pipe'
}

/** Writes a new file and waits until it is on the disk. The mode is exact, whatever the umask. */
export function writeDurably(path: string, content: string, mode: number): void {
  const bytes = Buffer.from(content)
  const file = openSync(path, 'wx', 0o600)
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    fchmodSync(file, mode)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Waits until the entries of a folder are on the disk. Windows cannot, and need not. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

const reasons: Record<string, readonly [what: string, help: string]> = {
  ENOSPC: ['the disk is full', 'Make room and run it again.'],
  EDQUOT: ['your share of the disk is used up', 'Make room and run it again.'],
  EROFS: ['it is on a read-only file system', 'Mount it writable, or choose another --out.'],
  EACCES: ['you may not write there', 'Change its owner or mode, or choose another --out.'],
  EPERM: ['it is protected against writing', 'Remove the protection, or choose another --out.'],
  ENOENT: ['nothing can be made there', 'Choose another --out.'],
  EXDEV: ['it is on another file system', 'All generated files must be on one, with .erlmcp/.'],
  EBUSY: ['something is mounted there', 'Unmount it, or choose another --out.'],
  ENAMETOOLONG: ['the name is too long', 'Give the file a shorter path.'],
  EMFILE: ['too many files are open', 'Raise the limit (`ulimit -n`).'],
  ENFILE: ['too many files are open on this machine', 'Close some programs.'],
  ELOOP: ['its links go in a circle', 'Remove the links.'],
  EIO: ['the disk does not work', 'Look at the log of the kernel.'],
}

/** What the same refusals mean to who only wants to read. */
const reading: typeof reasons = {
  EACCES: ['you may not read it', 'Change its owner or mode, or run it as its owner.'],
  EPERM: ['you may not read it', 'Change its owner or mode, or run it as its owner.'],
}

/** Runs a step on the disk; what the machine refuses is told in words, naming `path`. */
export function inWords<T>(path: string, step: () => T, also: typeof reasons = {}): T {
  try {
    return step()
  } catch (error) {
    throw explain(error, path, also)
  }
}

/** The same error in words, when it is one that the machine and not the program is to blame for. */
export function explain(error: unknown, path: string, also: typeof reasons = {}): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const reason = also[code] ?? reasons[code]
  if (isUserError(error) || !reason) return error
  return new UserError({ what: `${path}: ${reason[0]}`, help: reason[1], kind: 'environment' })
}
