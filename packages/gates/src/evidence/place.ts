import { posix } from 'node:path'
import type { Problem } from '../reading.ts'

/**
 * A path of the container as one of the repository. Nothing for what is not of the person: what
 * rebar3 has fetched or copied below `_build`, OTP, a path that leads out.
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

/** A place in the repository, or nothing. A line or column of 0 is none. */
export function placeIn(
  root: string,
  path: string,
  line?: number,
  column?: number,
): Problem['location'] | undefined {
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
 * Where a stack trace first touches a source of the repository. Modules of OTP are named without a
 * folder, and so they are none.
 */
export function placeOfTrace(trace: string, root: string): Problem['location'] | undefined {
  for (const [, eunitPath, eunitLine, path = eunitPath!, line = eunitLine!] of trace.matchAll(
    frame,
  )) {
    const place = path.includes('/') ? placeIn(root, path, Number(line)) : undefined
    if (place) return place
  }
  return undefined
}
