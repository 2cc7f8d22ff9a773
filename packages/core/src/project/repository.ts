import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Artifact } from '../document/artifact.ts'
import { readManifest } from '../write/manifest.ts'
import type { StateItem } from '../write/state.ts'

/** The artifacts of one folder and their source: the input of one {@link write}. */
export interface WriteTarget {
  readonly root: string
  /** The file of the stack, relative to the root. */
  readonly source: string
  readonly artifacts: readonly Artifact[]
  /** What a machine keeps for the stacks of the source. Default: the state of the manifest. */
  readonly state?: readonly StateItem[]
}

/** Whether GitHub reads a path from the root of a repository only. */
export function isRepositoryPath(path: string): boolean {
  return path.startsWith('.github/')
}

/** The nearest parent folder with `.git`; without one the folder itself. */
export function repositoryOf(folder: string): string {
  const start = resolve(folder)
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (at === dirname(at)) return start
  }
}

/** The path from one folder to another with `/`; '' for the same folder. */
export function pathBetween(from: string, to: string): string {
  return relative(from, to).split(sep).join('/')
}

/**
 * Splits artifacts into those of the stack's folder and those of the root of the repository.
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
  // A source without such files may still have old ones to remove.
  const isKnown = shared.length > 0 || readManifest(top, name).has(name)
  return isKnown ? [own, { root: top, source: name, artifacts: shared }] : [own]
}
