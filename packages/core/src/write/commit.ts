import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
} from 'node:fs'
import { dirname, join, posix } from 'node:path'
import type { Artifact } from '../document/artifact.ts'
import { statOf } from '../file/disk.ts'
import { explainFsError, explainFsErrors, syncFolder, writeDurably } from '../file/durable.ts'
import { sha256 } from '../sha256.ts'
import { UserError } from '../user-error.ts'
import {
  applyOperations,
  draftPath,
  finish,
  isAsPlanned,
  type Journal,
  journalPath,
  type Operation,
  probeName,
  rollBack,
  stagingFolder,
} from './journal.ts'
import type { Lock } from './lock.ts'
import { manifestPath, stateFolder } from './manifest.ts'
import type { Plan, Step } from './plan.ts'

type Content = Pick<Artifact, 'path' | 'text' | 'mode'>

/** Applies a plan without conflicts. The caller holds the lock. */
export function commit(decided: Plan, held: Lock): void {
  const { root } = decided
  const journal = prepare(decided)
  validateUnchanged(root, journal, held)
  explainFsErrors(stateFolder, () => renameSync(join(root, draftPath), join(root, journalPath)))
  syncFolder(join(root, stateFolder))
  applyOperations(root, journal)
  // The files are in place: the next command cleans up after a disk that fails only now.
  explainFsErrors(stateFolder, () => finish(root, journal))
}

/** Rejects a file that changed while the write was prepared. */
function validateUnchanged(root: string, journal: Journal, held: Lock): void {
  const changed = journal.operations.find((operation) => !isAsPlanned(root, operation))
  if (held.isHeld() && !changed) return
  if (held.isHeld()) rollBack(root, journal)
  throw new UserError({
    message: changed
      ? `${changed.path} was changed by another process`
      : 'this process was suspended so long that another process took over its lock',
    hint: 'Run the command again. Nothing was written.',
    kind: 'environment',
  })
}

/** Does everything that can fail outside the project's files, so that only renames remain. */
function prepare(decided: Plan): Journal {
  const { root } = decided
  const { journal, contents } = journalOf(decided)
  try {
    explainFsErrors(stagingFolder, () => {
      mkdirSync(join(root, stagingFolder))
      writeDurably(join(root, draftPath), JSON.stringify(journal), 0o600)
    })
    for (const folder of journal.folders)
      explainFsErrors(folder, () => mkdirSync(join(root, folder)))
    for (const [index, { path, text, mode }] of contents.entries()) {
      explainFsErrors(path, () =>
        writeDurably(join(root, stagingFolder, String(index)), text, mode),
      )
    }
    for (const operation of journal.operations) keepOld(root, operation)
    for (const folder of journal.targets) explainFsErrors(folder, () => probe(root, folder))
    for (const operation of journal.operations)
      explainFsErrors(operation.path, () => validateWritable(root, operation))
    syncFolder(join(root, stagingFolder))
    for (const folder of journal.folders) syncFolder(dirname(join(root, folder)))
    return journal
  } catch (error) {
    rollBack(root, journal)
    throw explainFsError(error, root)
  }
}

function journalOf({ root, steps, manifest }: Plan): { journal: Journal; contents: Content[] } {
  const contents: Content[] = []
  const stage = (file: Content, before: string | null) => {
    const staged = String(contents.push(file) - 1)
    const old = before === null ? {} : { old: `old-${staged}` }
    const after = sha256(file.text)
    return { kind: 'write' as const, path: file.path, staged, before, after, ...old }
  }
  const operations = steps.flatMap((step, index) => operationOf(step, index, stage))
  if (manifest.before !== manifest.after) {
    const { before, after } = manifest
    const known = before === undefined ? null : sha256(before)
    operations.push(stage({ path: manifestPath, text: after, mode: 0o644 }, known))
  }
  const targets = new Set(operations.map(({ path }) => posix.dirname(path)))
  const folders = new Set(
    [...targets].flatMap(ancestors).filter((folder) => !statOf(join(root, folder))),
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
  { path, action, from, before, after }: Step,
  index: number,
  stage: (file: Content, before: string | null) => Operation,
): Operation[] {
  if (action === 'create' || action === 'update') {
    const written = stage(after!, before?.sha256 ?? null)
    return from === undefined ? [written] : [{ kind: 'respell', path, from }, written]
  }
  if (action === 'remove') {
    return [{ kind: 'remove', path, before: before!.sha256, old: `old-r${index}` }]
  }
  const wrongMode = after && before && after.mode !== before.mode
  return wrongMode ? [{ kind: 'chmod', path, mode: after.mode, before: before.mode }] : []
}

/** Keeps the old file for a rollback: as a hard link, or as a copy. */
function keepOld(root: string, operation: Operation): void {
  if (!('old' in operation) || operation.old === undefined) return
  const target = join(root, operation.path)
  const old = join(root, stagingFolder, operation.old)
  try {
    linkSync(target, old)
  } catch {
    // Hard links fail for another user's file and on some file systems.
    explainFsErrors(stagingFolder, () => {
      copyFileSync(target, old, constants.COPYFILE_EXCL)
      chmodSync(old, lstatSync(target).mode & 0o777)
    })
  }
}

/** `a`, `a/b` for the folder `a/b`; the root exists. */
function ancestors(folder: string): string[] {
  if (folder === '.') return []
  const parts = folder.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/**
 * Whether files can be moved from the staging folder into `folder`: same file system, writable. The
 * probe is a folder, so that a process that dies here leaves no file among the user's.
 */
function probe(root: string, folder: string): void {
  accessSync(join(root, folder), constants.W_OK)
  const staged = join(root, stagingFolder, probeName)
  const there = join(root, folder, probeName)
  mkdirSync(staged)
  renameSync(staged, there)
  rmdirSync(there)
}

/** Rejects a file that is itself protected (`chattr +i`, a read-only mount): its rename would fail. */
function validateWritable(root: string, { kind, path }: Operation): void {
  const target = join(root, path)
  const stat = statOf(target)
  if (!stat) return
  // Setting the present mode fails exactly where setting another one would.
  if (kind === 'chmod') chmodSync(target, stat.mode)
  try {
    closeSync(openSync(target, 'r+'))
  } catch (error) {
    // Replacing a file needs write permission on its folder alone.
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
  }
}
