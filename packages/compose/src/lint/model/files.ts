import { posix } from 'node:path'
import { isWindowsPath, type RuleContext } from '@erlmcp/core'

/**
 * What stands at a path that a compose file names, relative to itself. Undefined where that
 * cannot be known: outside the project, or behind a variable.
 */
export function fileAt(
  file: string,
  source: string,
  context: RuleContext,
): 'file' | 'directory' | 'none' | undefined {
  if (source === '' || /^[~/\0]|\0/.test(source) || isWindowsPath(source)) return undefined
  const path = posix.join(posix.dirname(file), source)
  if (path.startsWith('..')) return undefined
  return context.isSecret(path) ? 'file' : context.exists(path)
}

/** Whether `secrets init` makes the file that a compose file names. */
export function isBranded(file: string, source: string, context: RuleContext): boolean {
  return context.isSecret(posix.join(posix.dirname(file), source))
}
