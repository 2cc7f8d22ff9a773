import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/**
 * A program that tests use where it is there: on PATH, or where `.ci/run` installs linters.
 *
 * @returns its path
 * @example
 * const actionlint = findTool('actionlint')
 * test.skipIf(!actionlint)('… (skipped without actionlint)', …)
 */
export function findTool(name: string): string | undefined {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
    join(cache, 'erlmcp-testkit/python/bin'),
  ]
  return folders.map((folder) => join(folder, name)).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
