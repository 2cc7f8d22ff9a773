import { readdirSync, type Stats, statSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import { projectPath } from '../document/artifact.ts'
import { readRegularFile } from '../file/regular-file.ts'
import { isRepositoryPath } from './repository.ts'

/**
 * Files that another tool, such as projen, writes in the same run and that may not be on the disk yet.
 * Paths are relative to the folder of the stack.
 */
export interface OtherFiles {
  /** `none` for a file that the tool removes; `undefined` for one that it does not know. */
  stat(path: string): 'file' | 'directory' | 'none' | undefined
  read(path: string): string | undefined
}

/** The files that a stack refers to. */
export interface ProjectFiles {
  stat(path: string): 'file' | 'directory' | 'none' | undefined
  read(path: string): string | undefined
  /** Names in a folder, folders with a slash at the end; undefined for an unreadable folder. */
  list(path: string): readonly string[] | undefined
}

/** The files of a project, on the disk and of another tool. */
export function projectFiles(
  root: string | undefined,
  repository: string,
  others?: OtherFiles,
): ProjectFiles {
  const absolute = (path: string) =>
    isRepositoryPath(path) ? resolve(root!, repository, path) : resolve(root!, path)
  return {
    stat(path) {
      const other = others?.stat(path)
      if (other !== undefined) return other
      if (root === undefined) return undefined
      const stat = statLeniently(absolute(path))
      if (stat === 'hidden') return undefined
      return stat === undefined ? 'none' : stat.isDirectory() ? 'directory' : 'file'
    },
    read(path) {
      const short = posix.normalize(path)
      const other = others?.read(short)
      if (other !== undefined || others?.stat(short) === 'none') return other
      return root === undefined ? undefined : readProject(absolute(projectPath(path)), path)
    },
    list: (path) => (root === undefined ? undefined : namesIn(absolute(path))),
  }
}

function namesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort()
  } catch {
    return undefined
  }
}

/** @throws UserError for a path outside the project, and for an unreadable file */
function readProject(file: string, path: string): string | undefined {
  if (statLeniently(file) === undefined) return undefined
  return readRegularFile(file, path)
}

/**
 * The stats of a path that a stack refers to; undefined also for a path through a file, a loop of
 * links and a path that is too long.
 */
function statLeniently(path: string): Stats | 'hidden' | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EACCES' || code === 'EPERM' ? 'hidden' : undefined
  }
}
