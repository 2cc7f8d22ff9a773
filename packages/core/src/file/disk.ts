import { lstatSync, readFileSync, realpathSync, type Stats } from 'node:fs'
import { join, resolve } from 'node:path'
import { type DiskFile, largest } from '../document/artifact.ts'
import { sha256 } from '../sha256.ts'
import { UserError } from '../user-error.ts'
import { explainFsError, reading } from './durable.ts'

/**
 * The folder that everything is written into, with the links of its own path resolved. Links above
 * the project are allowed; links inside it are not.
 */
export function openRoot(root: string): string {
  const stat = ifExists(resolve(root), (path) => lstatSync(realpathSync(path)))
  if (stat && !stat.isDirectory()) {
    throw new UserError({
      message: `${root} is not a folder`,
      hint: 'Pass a folder to write into.',
    })
  }
  if (!stat && statOf(resolve(root))) {
    throw new UserError({
      message: `${root} is a broken symbolic link`,
      hint: 'Remove the link or fix its target.',
    })
  }
  return stat ? realpathSync(root) : resolve(root)
}

/**
 * The file at a path of the project; undefined when the path does not exist.
 *
 * @throws UserError when a part of the path is a link, a parent is not a folder, or the file is not
 * regular
 */
export function readDisk(root: string, path: string): DiskFile | undefined {
  const stat = walk(root, path)
  if (!stat) return undefined
  if (!stat.isFile()) {
    throw new UserError({
      message: `${path}: expected a file, got ${kindOf(stat)}`,
      hint: 'Move it away, or give the generated file another path.',
    })
  }
  if (stat.size > largest) {
    throw new UserError({
      message: `${path}: expected a file of at most ${largest / 1e6} MB, got ${Math.round(stat.size / 1e6)} MB`,
      hint: 'Move it away, or give the generated file another path.',
    })
  }
  // A reader holds no lock: another process may have removed the file since.
  const content = ifExists(path, () => readFileSync(join(root, path)))
  return content && { content, sha256: sha256(content), mode: stat.mode & 0o777 }
}

/** The text of a generated file; undefined when it does not exist. */
export function readText(root: string, path: string): string | undefined {
  const file = readDisk(root, path)
  return file && Buffer.from(file.content).toString('utf8')
}

/** The stats of `path`; rejects links and parents that are not folders. */
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
        message: `${shown} is a symbolic link, and erlmcp does not write through links`,
        hint: 'Replace the link by what it points to, or give the file another path.',
      })
    }
    if (index + 1 === parts.length) return stat
    if (!stat.isDirectory()) {
      throw new UserError({
        message: `${shown}: expected a folder for ${path}, got ${kindOf(stat)}`,
        hint: 'Move it away, or give the generated file another path.',
      })
    }
  }
  return undefined
}

/** The stats of the path itself, not of a link's target; undefined when it does not exist. */
export function statOf(path: string): Stats | undefined {
  return ifExists(path, (at) => lstatSync(at))
}

/** Whether the path certainly does not exist: a path without access may exist. */
export function isGone(path: string): boolean {
  try {
    lstatSync(path)
    return false
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR'
  }
}

/** The result of `look`; undefined when the path does not exist. */
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
