import { posix } from 'node:path'
import type { Location } from '@erlmcp/core'
import type { ProjectFolder } from './folder.ts'
import type { TermNode } from './parse-terms.ts'
import { atomOf, isTuple, placeOf, textOf } from './term-access.ts'

/** The version of a release or an application. */
export interface Version {
  /** Undefined where only the build knows it: from git, from a command, or from a missing file. */
  readonly text?: string
  /** `stated` in the file itself. `git` is a tag or a commit, `command` the output of a command. */
  readonly from: 'stated' | 'file' | 'git' | 'command' | 'unknown'
  /** The file of `{file, Path}`, relative to the project. */
  readonly path?: string
  readonly location: Location
}

/**
 * A version as rebar3 and relx take it: `"1.0.0"`, `git`, `semver`, `{git, short}`, `{file, Path}`,
 * `{cmd, Command}`.
 *
 * @param base the folder of relative paths
 */
export function versionOf(node: TermNode, folder: ProjectFolder, base = '.'): Version {
  const location = placeOf(node)
  const [kind, value] = isTuple(node) ? node.items : [node]
  const name = isTuple(node) ? atomOf(kind) : (atomOf(kind) ?? textOf(kind))
  if (name === 'git' || name === 'semver') return { from: 'git', location }
  if (!isTuple(node)) {
    const text = textOf(node)
    return text === undefined ? { from: 'unknown', location } : { text, from: 'stated', location }
  }
  if (name === 'cmd') return { from: 'command', location }
  const stated = textOf(value)
  if (name !== 'file' || stated === undefined) return { from: 'unknown', location }
  if (stated.startsWith('/')) return { from: 'file', location }
  const path = posix.join(base, stated)
  const text = folder.read(path)?.trim()
  return { ...(text && { text }), from: 'file', path, location }
}
