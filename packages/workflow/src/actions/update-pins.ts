import { UserError } from '@erlmcp/core'
import type { Use } from '../parse/document.ts'
import { latestVersion, listTags } from './latest-version.ts'
import type { Lock } from './lock.ts'
import { validatePin } from './pin.ts'
import type { Locked } from './pins.ts'

/** One action that is pinned anew. */
export interface PinChange {
  readonly action: string
  readonly from: Locked
  readonly to: Locked
}

/** A tag that names another commit than it did: somebody moved it. */
export interface MovedTag {
  readonly action: string
  readonly tag: string
  readonly from: string
  readonly to: string
}

/** A lock that is to be written, and what is new in it. */
export interface PinUpdate {
  readonly lock: Lock
  readonly changes: readonly PinChange[]
  /** Tags that are not followed. */
  readonly moved: readonly MovedTag[]
}

/**
 * The newest version of every action in use. A tag that was moved since is never followed: whoever
 * took it over would be let in.
 *
 * @throws UserError of kind `environment` where a repository cannot be reached
 */
export async function updatePins(used: readonly Use[], lock: Lock): Promise<PinUpdate> {
  const inUse = byAction(used)
  const found = await Promise.all(
    [...inUse].map(async ([action, now]) => ({ action, now, tags: await listTags(action) })),
  )
  const changes: PinChange[] = []
  const moved: MovedTag[] = []
  for (const { action, now, tags } of found) {
    const sha = tags.get(now.tag)
    if (sha !== undefined && sha !== now.sha) {
      moved.push({ action, tag: now.tag, from: now.sha, to: sha })
      continue
    }
    const to = latestVersion(tags)
    if (to && to.sha !== now.sha) changes.push({ action, from: now, to })
  }
  return { lock: withChanges(lock, changes), changes, moved }
}

/**
 * What somebody, such as Dependabot, wrote into the files: each action whose commit there differs
 * from what the stack makes.
 *
 * @param created what the stack's files use
 * @param rawExpression what the files on the disk use
 * @throws UserError for a commit without its version, or one action at two commits
 */
export function importPins(
  created: readonly Use[],
  rawExpression: readonly Use[],
  lock: Lock,
): PinUpdate {
  const before = byAction(created)
  const changes: PinChange[] = []
  for (const [action, from] of before) {
    const other = rawExpression.filter((use) => use.action === action && use.sha !== from.sha)
    if (other.length === 0) continue
    const to = byAction(other).get(action)!
    changes.push({ action, from, to })
  }
  return { lock: withChanges(lock, changes), changes, moved: [] }
}

function withChanges(lock: Lock, changes: readonly PinChange[]): Lock {
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
    const problem = validatePin(action, tag, sha)
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
