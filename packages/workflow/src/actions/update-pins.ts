import { UserError } from '@erlmcp/core'
import type { Use } from '../parse/document.ts'
import { latestVersion, listTags } from './latest-version.ts'
import type { Lock } from './lock.ts'
import { validatePin } from './pin.ts'
import type { Locked } from './pins.ts'

/** One action with a new pin. */
export interface PinChange {
  readonly action: string
  readonly from: Locked
  readonly to: Locked
}

/** A tag that was moved to another commit. */
export interface MovedTag {
  readonly action: string
  readonly tag: string
  readonly from: string
  readonly to: string
}

/** An updated lock, and its changes. */
export interface PinUpdate {
  readonly lock: Lock
  readonly changes: readonly PinChange[]
  /** Moved tags, which are not followed. */
  readonly moved: readonly MovedTag[]
}

/**
 * The latest version of every action in use. A moved tag is never followed, because an attacker may
 * have moved it.
 *
 * @throws UserError of kind `environment` where a repository is unreachable
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
 * The pins in the files, such as those of Dependabot: each action whose commit differs from that of
 * the stack.
 *
 * @param rendered what the stack's files use
 * @param onDisk what the files on the disk use
 * @throws UserError for a commit without its version, or one action at two commits
 */
export function importPins(
  rendered: readonly Use[],
  onDisk: readonly Use[],
  lock: Lock,
): PinUpdate {
  const before = byAction(rendered)
  const changes: PinChange[] = []
  for (const [action, from] of before) {
    const other = onDisk.filter((use) => use.action === action && use.sha !== from.sha)
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
        message: `two commits of ${action}: ${known.sha} and ${sha}`,
        hint: 'Use one in all workflows.',
        location,
      })
    }
    const fault = validatePin(action, tag, sha)
    if (fault)
      throw new UserError({
        ...fault,
        hint: `${fault.hint} Write it as a comment: # v1.2.3`,
        location,
      })
    pins.set(action, { tag, sha })
  }
  return pins
}
