import { accessSync, closeSync, constants, lstatSync, mkdirSync, openSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Artifact } from './artifact.ts'
import { explain, inWords, lookAt, openRoot, syncFolder, writeDurably } from './disk.ts'
import {
  carryOut,
  draftPath,
  finish,
  isUnfinished,
  type Journal,
  journalPath,
  type Operation,
  probeName,
  recover,
  stagingFolder,
  takeBack,
} from './journal.ts'
import { type Lock, livingLock, lock, occupied } from './lock.ts'
import { manifestPath, stateFolder } from './manifest.ts'
import { isDone, type Plan, type PlanOptions, plan, type Step } from './plan.ts'
import { holdSignals } from './signals.ts'
import { UserError } from './user-error.ts'

export interface WriteOptions extends PlanOptions {
  /** Milliseconds to wait for another process that writes. Default: ten seconds. */
  readonly patience?: number
}

/** Files are in the way that are not ours, or were edited since we wrote them. */
export class WriteConflict extends UserError {
  override readonly name = 'WriteConflict'
  readonly plan: Plan

  constructor(plan: Plan) {
    const conflicts = plan.steps.filter(({ action }) => action === 'conflict')
    super({
      what: conflicts.map(({ path, why }) => `${path} ${why}`).join('\n'),
      help: 'Nothing was written. Move your change to the stack or the file away; --force overwrites.',
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
  const end = Date.now() + (options.patience ?? 10_000)
  for (;;) {
    const other = livingLock(root)
    if (other === undefined && isUnfinished(root)) await locked(root, options, () => undefined)
    const before = manifestStamp(root)
    const seen = plan(root, artifacts, options)
    // Nobody wrote meanwhile: what was read is of one time.
    const quiet = livingLock(root) === undefined && !isUnfinished(root)
    if (other === undefined && quiet && manifestStamp(root) === before) return seen
    if (other !== undefined && Date.now() >= end) throw occupied(other)
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
  refuseConflicts(seen)
  if (isDone(seen)) return seen
  inWords(seen.root, () => mkdirSync(seen.root, { recursive: true }))
  return locked(seen.root, options, async (held) => {
    const decided = plan(seen.root, artifacts, options)
    refuseConflicts(decided)
    if (!isDone(decided)) await commit(decided, held)
    return decided
  })
}

function refuseConflicts(seen: Plan): void {
  if (seen.steps.some(({ action }) => action === 'conflict')) throw new WriteConflict(seen)
}

/** Changes with every write, since the manifest is replaced by each that changes any content. */
function manifestStamp(root: string): string {
  const stat = lookAt(join(root, manifestPath), (path) => lstatSync(path, { bigint: true }))
  return stat ? `${stat.ino}:${stat.mtimeNs}` : 'none'
}

async function locked<T>(
  root: string,
  options: WriteOptions,
  work: (held: Lock) => T | Promise<T>,
): Promise<T> {
  const held = await lock(root, options.patience)
  try {
    inWords(stateFolder, () => recover(root))
    return await work(held)
  } finally {
    held.release()
    if (!lookAt(join(root, manifestPath), lstatSync)) forgetState(root)
  }
}

/** A first write that came to nothing leaves nothing. */
function forgetState(root: string): void {
  const folder = join(root, stateFolder)
  if (livingLock(root) !== undefined || isUnfinished(root)) return
  try {
    rmSync(join(folder, '.gitignore'), { force: true })
    rmdirSync(folder)
  } catch {
    // Another process is about to write, and needs it.
  }
}

async function commit(decided: Plan, held: Lock): Promise<void> {
  const { root } = decided
  const journal = prepare(decided)
  const letGo = holdSignals()
  try {
    if (!held.isHeld()) throw forgotten()
    inWords(stateFolder, () => renameSync(join(root, draftPath), join(root, journalPath)))
    syncFolder(join(root, stateFolder))
    inWords(`${stateFolder}: the rest is done by the next command`, () => {
      carryOut(root, journal.operations)
    })
    finish(root, journal)
  } finally {
    await letGo()
  }
}

function forgotten(): UserError {
  return new UserError({
    what: 'this process was stopped for so long that another one has taken its place',
    help: 'Nothing was written. Run it again.',
    kind: 'environment',
  })
}

/** Everything that can fail, done where it changes nothing: after it there are only renames. */
function prepare(decided: Plan): Journal {
  const { root } = decided
  const { journal, contents } = journalOf(decided)
  try {
    inWords(stagingFolder, () => {
      mkdirSync(join(root, stagingFolder))
      writeDurably(join(root, draftPath), JSON.stringify(journal), 0o600)
    })
    for (const folder of journal.folders) inWords(folder, () => mkdirSync(join(root, folder)))
    for (const [index, { path, text, mode }] of contents.entries()) {
      inWords(path, () => writeDurably(join(root, stagingFolder, String(index)), text, mode))
    }
    for (const folder of journal.targets) inWords(folder, () => probe(root, folder))
    for (const { path } of journal.operations) inWords(path, () => refuseProtected(root, path))
    syncFolder(join(root, stagingFolder))
    for (const folder of journal.folders) syncFolder(dirname(join(root, folder)))
    return journal
  } catch (error) {
    takeBack(root, journal)
    throw explain(error, root)
  }
}

function journalOf({ root, steps, manifest }: Plan): {
  journal: Journal
  contents: Pick<Artifact, 'path' | 'text' | 'mode'>[]
} {
  const contents: Pick<Artifact, 'path' | 'text' | 'mode'>[] = []
  const stage = (file: Pick<Artifact, 'path' | 'text' | 'mode'>, before: string | null) => {
    const staged = String(contents.push(file) - 1)
    return { kind: 'write' as const, path: file.path, staged, before }
  }
  const operations = steps.flatMap((step) => operationOf(step, stage))
  if (manifest.before !== manifest.after) {
    const known = steps.length > 0 ? manifest.before : undefined
    const file = { path: manifestPath, text: manifest.after, mode: 0o644 }
    operations.push(stage(file, hashOf(known)))
  }
  const targets = new Set(operations.map(({ path }) => posix.dirname(path)))
  const folders = new Set(
    [...targets].flatMap(ancestors).filter((folder) => !lookAt(join(root, folder), lstatSync)),
  )
  return {
    journal: {
      operations,
      folders: [...folders].sort((a, b) => a.length - b.length),
      targets: [...targets].sort(),
    },
    contents,
  }
}

function operationOf(
  { path, action, before, after }: Step,
  stage: (file: Artifact, before: string | null) => Operation,
): Operation[] {
  if (action === 'create' || action === 'update') return [stage(after!, before?.sha256 ?? null)]
  if (action === 'remove') return [{ kind: 'remove', path, before: before!.sha256 }]
  const wrongMode = after && before && after.mode !== before.mode
  return wrongMode ? [{ kind: 'chmod', path, mode: after.mode }] : []
}
