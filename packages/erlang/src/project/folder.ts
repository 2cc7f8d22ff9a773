import { readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import { readRegularFile } from '@erlmcp/core'

/** The files of a project. Paths are relative to its root, with `/`. */
export interface ProjectFolder {
  /** Text of a file; undefined for a missing one. */
  read(path: string): string | undefined
  /** Names in a folder, those of folders with a slash at the end; empty for a missing one. */
  list(path: string): readonly string[]
}

/**
 * The files of a project on the disk.
 *
 * @param root its folder
 */
export function projectFolder(root: string): ProjectFolder {
  return {
    read: (path) => readRegularFile(join(root, path), path),
    list(path) {
      try {
        const entries = readdirSync(join(root, path), { withFileTypes: true })
        return entries.map((entry) => entry.name + (entry.isDirectory() ? '/' : '')).sort()
      } catch {
        return []
      }
    },
  }
}

/** Whether a file or a folder exists. */
export function existsIn(folder: ProjectFolder, path: string): boolean {
  const names = folder.list(posix.dirname(path))
  const name = posix.basename(path)
  return names.includes(name) || names.includes(`${name}/`)
}

/**
 * The folders that match a pattern of rebar3, such as `apps/*`.
 *
 * @example foldersLike(folder, 'apps/*') // ['apps/one', 'apps/two']
 */
export function foldersLike(folder: ProjectFolder, pattern: string): readonly string[] {
  let found = ['.']
  for (const part of posix.normalize(pattern).split('/')) {
    if (part === '.' || part === '') continue
    const like = new RegExp(`^${part.split(/\*+/).map(literal).join('.*')}/$`)
    found = found.flatMap((path) =>
      folder
        .list(path)
        .filter((name) => like.test(name) && !(part.startsWith('*') && name.startsWith('.')))
        .map((name) => posix.join(path, name.slice(0, -1))),
    )
  }
  return found
}

function literal(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
}
