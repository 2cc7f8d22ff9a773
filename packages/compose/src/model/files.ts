import { posix } from 'node:path'
import { isWindowsPath, type RuleContext } from '@erlmcp/core'

/**
 * The kind of a path in a compose file, relative to that file. Undefined where it is unknown:
 * outside the project, or behind a variable.
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

/** Whether `secrets init` creates a file that a compose file names. */
export function isGenerated(file: string, source: string, context: RuleContext): boolean {
  return context.isSecret(posix.join(posix.dirname(file), source))
}
