import { posix } from 'node:path'
import type { GateDiagnostic } from './report.ts'

/**
 * Maps a path of the container to the repository. Undefined for code of others: dependencies and
 * copies below `_build`, OTP, paths outside the project.
 *
 * @example
 * repositoryPath('/workspace/src/demo.erl', '/workspace') // 'src/demo.erl'
 */
export function repositoryPath(path: string, root: string): string | undefined {
  if (path.includes('\0')) return undefined
  const inside = path.startsWith('/')
    ? posix.relative(posix.normalize(root), posix.normalize(path))
    : posix.normalize(path)
  return inside === '' || /^(\.\.?|_build)(\/|$)/.test(inside) ? undefined : inside
}

/** A location in the repository, or undefined. A line or column of 0 is left out. */
export function sourceLocation(
  root: string,
  path: string,
  line?: number,
  column?: number,
): GateDiagnostic['location'] | undefined {
  const file = repositoryPath(path, root)
  if (file === undefined) return undefined
  return {
    file,
    ...(line && { line }),
    ...(line && column && { column }),
  }
}

// EUnit prints `(/workspace/test/a.erl, line 5)`, Erlang terms `{file,"/workspace/test/a.erl"},{line,5}`.
const frame =
  /\(([^()\n]{1,1000}), line (\d{1,7})\)|\{file,\s*"([^"\n]{1,1000})"\},\s*\{line,(\d{1,7})\}/g

/**
 * The first location of a stack trace in the repository. Modules of OTP have no folder in a trace,
 * and are skipped.
 */
export function traceLocation(trace: string, root: string): GateDiagnostic['location'] | undefined {
  for (const [, eunitPath, eunitLine, path = eunitPath!, line = eunitLine!] of trace.matchAll(
    frame,
  )) {
    const location = path.includes('/') ? sourceLocation(root, path, Number(line)) : undefined
    if (location) return location
  }
  return undefined
}
