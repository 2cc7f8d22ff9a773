import { chmodSync, readdirSync, renameSync, rmdirSync, rmSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isProjectPath } from '../document/artifact.ts'
import { ifExists, readDisk, statOf } from '../file/disk.ts'
import { explainFsError, explainFsErrors, syncFolder } from '../file/durable.ts'
import { readJournal } from '../file/journal-file.ts'
import { manifestPath, stateFolder } from './manifest.ts'

/**
 * One change of one file. `staged` is the name of the new file in the staging folder; `before` is
 * the SHA-256 of the file when the write was planned, null for a new file, `after` that of the new
 * content; `old` is the name of the old file in the staging folder, for a rollback.
 */
export type Operation =
  | {
      readonly kind: 'write'
      readonly path: string
      readonly staged: string
      readonly before: string | null
      readonly after: string
      readonly old?: string
    }
  | {
      readonly kind: 'chmod'
      readonly path: string
      readonly mode: number
      readonly before: number
    }
  | {
      readonly kind: 'remove'
      readonly path: string
      readonly before: string
      readonly old: string
    }
  /** A name that changes in letter case only, on a file system that ignores case. */
  | { readonly kind: 'respell'; readonly path: string; readonly from: string }

/** A whole write, as it is recorded before it begins. */
export interface Journal {
  readonly operations: readonly Operation[]
  /** Folders that the write creates, outermost first. */
  readonly folders: readonly string[]
  /** Folders that files are moved into, each tried beforehand with a probe. */
  readonly targets: readonly string[]
}

export const stagingFolder = `${stateFolder}/staging`
/** The journal of a write in preparation: recovery rolls it back. */
export const draftPath = `${stagingFolder}/journal.json`
/** The journal of a committed write: recovery completes it. */
export const journalPath = `${stateFolder}/journal.json`
/** The journal of a committed write that failed: recovery undoes it. */
const undoPath = `${stateFolder}/undo.json`
/** Name of the folder that tests whether files can be moved into a folder. */
export const probeName = '.erlmcp-probe'

/** Whether a write began and has not finished, in a live process or a dead one. */
export function isUnfinished(root: string): boolean {
  const entries = ifExists(join(root, stateFolder), (path) => readdirSync(path)) ?? []
  return entries.includes('journal.json') || entries.includes('staging')
}

/**
 * Recovers from a write that died: completes a committed one, or undoes it where the disk rejects
 * it; rolls back any other. The caller holds the lock.
 *
 * @throws UserError which names the file that the disk rejects
 */
export function recover(root: string): void {
  if (!isUnfinished(root)) return
  const refused = readWriteJournal(root, undoPath)
  const decided = readWriteJournal(root, journalPath)
  if (refused) undo(root, refused)
  else if (decided) {
    const pending = decided.operations.filter((operation) => isAsPlanned(root, operation))
    applyOperations(root, decided, pending)
    finish(root, decided)
  } else rollBack(root, readWriteJournal(root, draftPath))
}

/**
 * The renames. Only during this loop are the files partly old and partly new, so it does nothing
 * else.
 *
 * @throws UserError for an operation that fails although its preparation succeeded, such as renaming
 * another user's file in a sticky folder: the files are then as before
 */
export function applyOperations(
  root: string,
  journal: Journal,
  operations: readonly Operation[] = journal.operations,
): void {
  const steps = operations.map((operation) => ({
    operation,
    target: join(root, operation.path),
    staged: operation.kind === 'write' ? join(root, stagingFolder, operation.staged) : '',
  }))
  let path = ''
  try {
    for (const { operation, target } of steps) {
      path = operation.path
      if (operation.kind === 'respell') renameSync(join(root, operation.from), target)
    }
    for (const { operation, target, staged } of steps) {
      path = operation.path
      if (operation.kind === 'write') renameSync(staged, target)
      else if (operation.kind === 'remove') unlinkSync(target)
    }
    for (const { operation, target } of steps) {
      path = operation.path
      if (operation.kind === 'chmod') chmodSync(target, operation.mode)
    }
  } catch (error) {
    renameSync(join(root, journalPath), join(root, undoPath))
    undo(root, journal)
    throw explainFsError(error, path)
  }
}

/** Restores the old content, spelling and mode of every file. */
function undo(root: string, journal: Journal): void {
  for (const operation of journal.operations.toReversed()) {
    explainFsErrors(operation.path, () => undoOne(root, operation))
  }
  removeCreated(root, journal)
  rmSync(join(root, undoPath), { force: true })
  rmSync(join(root, stagingFolder), { recursive: true, force: true })
}

function undoOne(root: string, operation: Operation): void {
  const { kind, path } = operation
  const target = join(root, path)
  if (kind === 'chmod') {
    if (statOf(target)) chmodSync(target, operation.before)
    return
  }
  if (kind === 'respell') {
    if (statOf(target)) renameSync(target, join(root, operation.from))
    return
  }
  const now = readDisk(root, path)?.sha256
  const isDone =
    kind === 'remove' ? now === undefined : now === operation.after && now !== operation.before
  if (!isDone) return
  const old = operation.old === undefined ? undefined : join(root, stagingFolder, operation.old)
  if (old === undefined) rmSync(target)
  else if (statOf(old)) renameSync(old, target)
}

/** Syncs the result and removes the journal and the staging folder. */
export function finish(root: string, journal: Journal): void {
  const folders = new Set(journal.operations.map(({ path }) => dirname(join(root, path))))
  for (const folder of folders) if (statOf(folder)) syncFolder(folder)
  for (const operation of journal.operations) {
    if (operation.kind === 'remove') removeEmptyFolders(root, dirname(operation.path))
  }
  rmSync(join(root, journalPath), { force: true })
  rmSync(join(root, stagingFolder), { recursive: true, force: true })
  syncFolder(join(root, stateFolder))
}

/** Removes what the preparation of a write created. */
export function rollBack(root: string, draft: Journal | undefined): void {
  if (draft) removeCreated(root, draft)
  rmSync(join(root, stagingFolder), { recursive: true, force: true })
}

function removeCreated(root: string, { targets, folders }: Journal): void {
  for (const folder of targets) removeIfEmpty(join(root, folder, probeName))
  for (const folder of folders.toReversed()) removeIfEmpty(join(root, folder))
}

function removeEmptyFolders(root: string, folder: string): void {
  for (let at = folder; at !== '.' && removeIfEmpty(join(root, at)); ) at = dirname(at)
}

/** Whether the folder is gone now; a folder with content stays. */
function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    // A write that died may have removed this folder and not its parent.
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

/** Whether the file is unchanged since the plan: an edit made meanwhile is not overwritten. */
export function isAsPlanned(root: string, operation: Operation): boolean {
  const now = readDisk(root, operation.path)
  if (operation.kind === 'chmod' || operation.kind === 'respell') return now !== undefined
  if (operation.kind === 'write' && !readDisk(root, `${stagingFolder}/${operation.staged}`)) {
    return false
  }
  return (now?.sha256 ?? null) === operation.before
}

function readWriteJournal(root: string, path: string): Journal | undefined {
  if (!readDisk(root, path)) return undefined
  try {
    const file = join(root, path)
    return readJournal({
      ...unknownJournal,
      file,
      path,
      findError: findJournalError(root),
    }) as Journal
  } catch (error) {
    // A truncated draft means that nothing was created yet.
    if (path === draftPath) return undefined
    throw error
  }
}

const unknownJournal = {
  operation: 'a write',
  hint: `Remove ${journalPath} and ${stagingFolder}, check the generated files, and run \`erlmcp synth\`.`,
}

const findJournalError = (root: string) => (data: unknown) => {
  const { folders, targets, operations } = data as Journal
  try {
    for (const folder of [...folders, ...targets]) validateFolder(root, folder)
    operations.forEach(validateOperation)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

// The folder may come from an untrusted repository: its journal must not reach outside the project.
function validateOperation(operation: Operation): void {
  const known = ['write', 'chmod', 'remove', 'respell'].includes(operation.kind)
  const { path, from, staged, old } = operation as Partial<Record<string, string>>
  const paths = [path, from].every(
    (one) => one === undefined || one === manifestPath || isProjectPath(one),
  )
  const names = [staged, old].every((name) => name === undefined || /^(old-r?)?\d+$/.test(name))
  const whole = operation.kind !== 'write' || staged !== undefined
  if (!known || !paths || !names || !whole || path === undefined) {
    throw new Error(`it names ${JSON.stringify(operation.path)}`)
  }
}

function validateFolder(root: string, folder: string): void {
  const isOwn = folder === '.' || folder === stateFolder || isProjectPath(folder)
  if (!isOwn) throw new Error(`it names ${folder}`)
  // Throws when a part of the way is a link.
  readDisk(root, `${folder === '.' ? '' : `${folder}/`}${probeName}/nothing`)
}
