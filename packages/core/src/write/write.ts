import { lstatSync, mkdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Artifact } from '../artifact.ts'
import { UserError } from '../user-error.ts'
import { commit } from './commit.ts'
import { ifExists, openRoot, statOf } from './disk.ts'
import { explainFsErrors } from './durable.ts'
import { isUnfinished, recover } from './journal.ts'
import { findLiveLock, hasLeftover, type Lock, lock, lockedError } from './lock.ts'
import { manifestPath, stateFolder } from './manifest.ts'
import { isDone, type Plan, type PlanOptions, plan } from './plan.ts'

export interface WriteOptions extends PlanOptions {
  /** Milliseconds to wait for another process that writes. Default: ten seconds. */
  readonly timeout?: number
}

/** Files are in the way that are not ours, or were edited since we wrote them. */
export class WriteConflict extends UserError {
  override readonly name = 'WriteConflict'
  readonly plan: Plan

  constructor(plan: Plan) {
    const conflicts = plan.steps.filter(({ action }) => action === 'conflict')
    super({
      message: conflicts.map(({ path, why }) => `${path} ${why}`).join('\n'),
      hint: [
        'Nothing was written.',
        ...new Set(conflicts.map(({ hint }) => hint)),
        'With --force it is overwritten.',
      ].join('\n  '),
    })
    this.plan = plan
  }
}

/**
 * What {@link write} would do, without doing it. Finishes a write that died half-way first.
 *
 * @throws UserError as `write` does
 */
export async function preview(
  folder: string,
  artifacts: readonly Artifact[],
  options: WriteOptions = {},
): Promise<Plan> {
  const root = openRoot(folder)
  const end = Date.now() + (options.timeout ?? 10_000)
  for (;;) {
    const other = findLiveLock(root)
    if (other === undefined && isUnfinished(root)) await locked(root, options, () => undefined)
    const before = manifestStamp(root)
    const seen = plan(root, artifacts, options)
    // Nobody wrote meanwhile: what was read is of one time.
    const quiet = findLiveLock(root) === undefined && !isUnfinished(root)
    if (other === undefined && quiet && manifestStamp(root) === before) return seen
    if (other !== undefined && Date.now() >= end) throw lockedError(other)
    await sleep(20)
  }
}

/**
 * Writes the artifacts of one source and removes those that it no longer has: all of them, or
 * none. Files that are as they should be are not touched.
 *
 * @returns what was done
 * @throws WriteConflict when a file is not ours to overwrite, and `force` is not given
 * @throws UserError when a path is outside the folder or goes through a link, the disk is full or
 * read-only, or another process does not let go
 * @example
 * const { artifacts } = synthesize(stack, { root: '.' })
 * await write('.', artifacts)
 */
export async function write(
  folder: string,
  artifacts: readonly Artifact[],
  options: WriteOptions = {},
): Promise<Plan> {
  const seen = await preview(folder, artifacts, options)
  validateNoConflicts(seen)
  if (isDone(seen) && !hasLeftover(seen.root)) return seen
  explainFsErrors(seen.root, () => mkdirSync(seen.root, { recursive: true }))
  return locked(seen.root, options, (held) => {
    const decided = plan(seen.root, artifacts, options)
    validateNoConflicts(decided)
    if (!isDone(decided)) commit(decided, held)
    return decided
  })
}

function validateNoConflicts(seen: Plan): void {
  if (seen.steps.some(({ action }) => action === 'conflict')) throw new WriteConflict(seen)
}

/** Changes with every write, since the manifest is replaced by each that changes any content. */
function manifestStamp(root: string): string {
  const stat = ifExists(join(root, manifestPath), (path) => lstatSync(path, { bigint: true }))
  return stat ? `${stat.ino}:${stat.mtimeNs}` : 'none'
}

async function locked<T>(
  root: string,
  options: WriteOptions,
  work: (held: Lock) => T | Promise<T>,
): Promise<T> {
  let held: Lock | undefined
  try {
    held = await lock(root, options.timeout)
    explainFsErrors(stateFolder, () => recover(root))
    return await work(held)
  } finally {
    held?.release()
    if (!statOf(join(root, manifestPath))) forgetState(root)
  }
}

/** A first write that came to nothing leaves nothing. */
function forgetState(root: string): void {
  const folder = join(root, stateFolder)
  if (findLiveLock(root) !== undefined || isUnfinished(root)) return
  try {
    rmSync(join(folder, '.gitignore'), { force: true })
    rmdirSync(folder)
  } catch {
    // Another process is about to write, and needs it.
  }
}
