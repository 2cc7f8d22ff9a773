import { lstatSync, mkdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Artifact } from '../document/artifact.ts'
import { ifExists, openRoot, statOf } from '../file/disk.ts'
import { explainFsErrors } from '../file/durable.ts'
import { UserError } from '../user-error.ts'
import { commit } from './commit.ts'
import { isUnfinished, recover } from './journal.ts'
import { findLiveLock, hasLeftover, type Lock, lock, lockedError } from './lock.ts'
import { manifestPath, stateFolder } from './manifest.ts'
import { isDone, type Plan, type PlanOptions, plan } from './plan.ts'

export interface WriteOptions extends PlanOptions {
  /** Milliseconds to wait for another process that writes. Default: ten seconds. */
  readonly timeout?: number
}

/** A write found files that erlmcp did not generate, or that were edited since. */
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
        'Overwrite it with --force.',
      ].join('\n  '),
    })
    this.plan = plan
  }
}

/**
 * The plan of {@link write}, without writing. Recovers from a write that died first.
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
    // Without a write meanwhile, the files read are of one moment.
    const quiet = findLiveLock(root) === undefined && !isUnfinished(root)
    if (other === undefined && quiet && manifestStamp(root) === before) return seen
    if (other !== undefined && Date.now() >= end) throw lockedError(other)
    await sleep(20)
  }
}

/**
 * Writes the artifacts of one source and removes those that it no longer has, all or nothing.
 * Unchanged files are not touched.
 *
 * @returns the plan that was carried out
 * @throws WriteConflict when a file was not generated or was edited, unless `force` is set
 * @throws UserError when a path is outside the folder or goes through a link, the disk is full or
 * read-only, or another process keeps the lock
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

/** Changes with every write, since a write replaces the manifest. */
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

/** Removes the state folder after a first write that failed. */
function forgetState(root: string): void {
  const folder = join(root, stateFolder)
  if (findLiveLock(root) !== undefined || isUnfinished(root)) return
  try {
    rmSync(join(folder, '.gitignore'), { force: true })
    rmdirSync(folder)
  } catch {
    // Another process is about to write.
  }
}
