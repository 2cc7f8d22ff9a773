import { posix } from 'node:path'
import { isWindowsPath, type RuleContext } from '@erlmcp/core'

/**
 * What stands at a path that a compose file names, relative to itself. Undefined where that
 * cannot be known: outside the project, or behind a variable.
 */
export function fileAt(
  file: string,
  source: string,
  around: RuleContext,
): 'file' | 'directory' | 'none' | undefined {
  if (source === '' || /^[~/\0]|\0/.test(source) || isWindowsPath(source)) return undefined
  const path = posix.join(posix.dirname(file), source)
  if (path.startsWith('..')) return undefined
  return around.isSecret(path) ? 'file' : around.exists(path)
}

/** Whether `secrets init` makes the file that a compose file names. */
export function isBranded(file: string, source: string, around: RuleContext): boolean {
  return around.isSecret(posix.join(posix.dirname(file), source))
}
