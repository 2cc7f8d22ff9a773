import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Artifact } from '../artifact.ts'
import { readManifest } from '../write/manifest.ts'
import type { StateItem } from '../write/state.ts'

/** Artifacts of one folder, and whose they are: what one {@link write} writes. */
export interface WriteTarget {
  readonly root: string
  /** The stack's file relative to the root. */
  readonly source: string
  readonly artifacts: readonly Artifact[]
  /** What a machine keeps for the stacks of the source. Default: what the manifest has. */
  readonly state?: readonly StateItem[]
}

/** GitHub reads these from the root of a repository and from nowhere else. */
export function isRepositoryPath(path: string): boolean {
  return path.startsWith('.github/')
}

/** The nearest folder upward that is a git repository; the folder itself where none is. */
export function repositoryOf(folder: string): string {
  const start = resolve(folder)
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (at === dirname(at)) return start
  }
}

/** A path from one folder to another with `/`; '' where they are one. */
export function pathBetween(from: string, to: string): string {
  return relative(from, to).split(sep).join('/')
}

/**
 * Parts artifacts by the folder that they are written into: that of the stack, and the root of the
 * repository for what GitHub reads there.
 *
 * @example
 * for (const { root, artifacts, ...rest } of writeTargets('deploy', 'stack.ts', synthesis)) {
 *   await write(root, artifacts, rest)
 * }
 */
export function writeTargets(
  root: string,
  source: string,
  {
    artifacts,
    repository,
    state,
  }: {
    readonly artifacts: readonly Artifact[]
    readonly repository: string
    readonly state: readonly StateItem[]
  },
): WriteTarget[] {
  const top = resolve(root, repository)
  if (top === resolve(root)) return [{ root, source, artifacts, state }]
  const shared = artifacts.filter(({ path }) => isRepositoryPath(path))
  const own = {
    root,
    source,
    artifacts: artifacts.filter((one) => !shared.includes(one)),
    state,
  }
  const name = pathBetween(top, resolve(root, source))
  // Files of before, also where none is made any more.
  const isKnown = shared.length > 0 || readManifest(top, name).has(name)
  return isKnown ? [own, { root: top, source: name, artifacts: shared }] : [own]
}
