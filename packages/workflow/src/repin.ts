import { UserError } from '@erlmcp/core'
import type { Lock } from './lock.ts'
import { newest, tagsOf } from './newest.ts'
import type { Use } from './parse.ts'
import { problemOfPin } from './pin.ts'
import type { Locked } from './pins.ts'

/** One action that is pinned anew. */
export interface Repinned {
  readonly action: string
  readonly from: Locked
  readonly to: Locked
}

/** A tag that names another commit than it did: somebody moved it. */
export interface Moved {
  readonly action: string
  readonly tag: string
  readonly from: string
  readonly to: string
}

/** A lock that is to be written, and what is new in it. */
export interface Repin {
  readonly lock: Lock
  readonly changes: readonly Repinned[]
  /** Tags that are not followed. */
  readonly moved: readonly Moved[]
}

/**
 * The newest version of every action in use. A tag that was moved since is never followed: whoever
 * took it over would be let in.
 *
 * @throws UserError of kind `environment` where a repository cannot be reached
 */
export async function updatePins(used: readonly Use[], lock: Lock): Promise<Repin> {
  const inUse = byAction(used)
  const found = await Promise.all(
    [...inUse].map(async ([action, now]) => ({ action, now, tags: await tagsOf(action) })),
  )
  const changes: Repinned[] = []
  const moved: Moved[] = []
  for (const { action, now, tags } of found) {
    const sha = tags.get(now.tag)
    if (sha !== undefined && sha !== now.sha) {
      moved.push({ action, tag: now.tag, from: now.sha, to: sha })
      continue
    }
    const to = newest(tags)
    if (to && to.sha !== now.sha) changes.push({ action, from: now, to })
  }
  return { lock: withChanges(lock, changes), changes, moved }
}

/**
 * What somebody, such as Dependabot, wrote into the files: each action whose commit there differs
 * from what the stack makes.
 *
 * @param made what the stack's files use
 * @param written what the files on the disk use
 * @throws UserError for a commit without its version, or one action at two commits
 */
export function importPins(made: readonly Use[], written: readonly Use[], lock: Lock): Repin {
  const before = byAction(made)
  const changes: Repinned[] = []
  for (const [action, from] of before) {
    const other = written.filter((use) => use.action === action && use.sha !== from.sha)
    if (other.length === 0) continue
    const to = byAction(other).get(action)!
    changes.push({ action, from, to })
  }
  return { lock: withChanges(lock, changes), changes, moved: [] }
}

function withChanges(lock: Lock, changes: readonly Repinned[]): Lock {
  return new Map([...lock, ...changes.map(({ action, to }) => [action, to] as const)])
}

/** The pin of each action. @throws UserError */
function byAction(used: readonly Use[]): Map<string, Locked> {
  const pins = new Map<string, Locked>()
  for (const { action, sha, tag = '', file, line } of used) {
    const location = { file, line, column: 1 }
    const known = pins.get(action)
    if (known && known.sha !== sha) {
      throw new UserError({
        message: `${action} is used at two commits, ${known.sha} and ${sha}`,
        hint: 'Let all workflows use one.',
        location,
      })
    }
    const problem = problemOfPin(action, tag, sha)
    if (problem)
      throw new UserError({
        ...problem,
        hint: `${problem.hint} It stands behind the commit: # v1.2.3`,
        location,
      })
    pins.set(action, { tag, sha })
  }
  return pins
}
