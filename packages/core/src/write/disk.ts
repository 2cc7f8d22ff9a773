import { lstatSync, readFileSync, realpathSync, type Stats } from 'node:fs'
import { join, resolve } from 'node:path'
import { type DiskFile, largest, sha256 } from '../artifact.ts'
import { UserError } from '../user-error.ts'
import { explainFsError, reading } from './durable.ts'

/**
 * The folder that everything is written into, with every link of its own path resolved: a person
 * may well work in a linked folder, only nothing below it may be one.
 */
export function openRoot(root: string): string {
  const stat = ifExists(resolve(root), (path) => lstatSync(realpathSync(path)))
  if (stat && !stat.isDirectory()) {
    throw new UserError({
      message: `${root} is not a folder`,
      hint: 'Give a folder to write into.',
    })
  }
  if (!stat && statOf(resolve(root))) {
    throw new UserError({
      message: `${root} is a link to nothing`,
      hint: 'Remove or mend the link.',
    })
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
      message: `${path} is ${kindOf(stat)}, and a file is to be written there`,
      hint: 'Move it away, or give the generated file another path.',
    })
  }
  if (stat.size > largest) {
    throw new UserError({
      message: `${path} has ${Math.round(stat.size / 1e6)} MB, and a file of at most ${largest / 1e6} MB is to be written there`,
      hint: 'Move it away, or give the generated file another path.',
    })
  }
  // Who only looks holds no lock: another process may have removed it just now.
  const content = ifExists(path, () => readFileSync(join(root, path)))
  return content && { content, sha256: sha256(content), mode: stat.mode & 0o777 }
}

/** The text of a file of ours; undefined when there is none. */
export function readText(root: string, path: string): string | undefined {
  const file = readDisk(root, path)
  return file && Buffer.from(file.content).toString('utf8')
}

/** Looks at each folder on the way to `path`, and returns what is at its end. */
export function walk(root: string, path: string): Stats | undefined {
  const parts = path.split('/')
  let at = root
  for (const [index, part] of parts.entries()) {
    at = join(at, part)
    const stat = statOf(at)
    if (!stat) return undefined
    const shown = parts.slice(0, index + 1).join('/')
    if (stat.isSymbolicLink()) {
      throw new UserError({
        message: `${shown} is a symbolic link, and nothing is written through links`,
        hint: 'Replace the link by what it points to, or give the file another path.',
      })
    }
    if (index + 1 === parts.length) return stat
    if (!stat.isDirectory()) {
      throw new UserError({
        message: `${shown} is ${kindOf(stat)}, and a folder is needed for ${path}`,
        hint: 'Move it away, or give the generated file another path.',
      })
    }
  }
  return undefined
}

/** What is at the path itself, if it is a link the link; undefined when nothing is there. */
export function statOf(path: string): Stats | undefined {
  return ifExists(path, (at) => lstatSync(at))
}

/** Whether nothing is at the path for certain: what a user may not see is there, for all we know. */
export function isGone(path: string): boolean {
  try {
    lstatSync(path)
    return false
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR'
  }
}

/** What `look` says of the path, or undefined when nothing is there. */
export function ifExists<T>(path: string, look: (path: string) => T): T | undefined {
  try {
    return look(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw explainFsError(error, path, reading)
  }
}

function kindOf(stat: Stats): string {
  if (stat.isDirectory()) return 'a folder'
  if (stat.isSymbolicLink()) return 'a symbolic link'
  return stat.isFile() ? 'a file' : 'a device or pipe'
}
