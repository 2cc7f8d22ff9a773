import { randomBytes } from 'node:crypto'
import { linkSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../user-error.ts'
import { ifExists } from './disk.ts'
import { explainFsErrors, syncFolder, writeDurably } from './durable.ts'
import { IrregularFileError, readRegularText } from './regular-file.ts'

/**
 * The file that records an operation before it begins, so that a later process can complete or undo
 * what a crash has interrupted.
 */
export interface JournalFile {
  readonly file: string
  /** The path in messages. */
  readonly path: string
  /** The operation, with its article: `a restore`. */
  readonly operation: string
  /** What to do about a journal that was modified. */
  readonly hint: string
  /** Finds why the operation cannot have written the parsed JSON. */
  readonly findError: (data: unknown) => string | undefined
}

/**
 * Reads the journal of an operation that is not over.
 *
 * @returns the parsed JSON, without an error; undefined without a journal
 * @throws UserError for anything but what the operation has written
 */
export function readJournal(journal: JournalFile): unknown {
  const { file, path } = journal
  try {
    const text = ifExists(path, () => readRegularText(file, { links: false }))
    return text === undefined ? undefined : parse(journal, text)
  } catch (error) {
    throw error instanceof IrregularFileError ? modifiedJournal(journal, error.message) : error
  }
}

function parse(journal: JournalFile, text: string): unknown {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw modifiedJournal(journal, 'it is not JSON')
  }
  const fault = journal.findError(data)
  if (fault !== undefined) throw modifiedJournal(journal, fault)
  return data
}

/** The error of a journal that the operation cannot have written. */
export function modifiedJournal(
  { path, operation, hint }: Omit<JournalFile, 'findError'>,
  fault: string,
): UserError {
  return new UserError({
    message: `${path}, the journal of ${operation}, was modified: ${fault}`,
    hint,
  })
}

/**
 * Creates a journal durably, before anything changes.
 *
 * @param mode permissions, such as 0600
 * @returns false where another process has one
 */
export function createJournal(file: string, data: object, mode: number): boolean {
  return writeJournal(file, data, mode, (draft) => {
    try {
      linkSync(draft, file)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    }
  })
}

/** Creates or replaces a journal durably. */
export function replaceJournal(file: string, data: object, mode: number): void {
  writeJournal(file, data, mode, (draft) => renameSync(draft, file))
}

function writeJournal<T>(file: string, data: object, mode: number, place: (draft: string) => T): T {
  return explainFsErrors(file, () => {
    const draft = journalDraft(file)
    try {
      writeDurably(draft, JSON.stringify(data), mode)
      const result = place(draft)
      syncFolder(dirname(file))
      return result
    } finally {
      rmSync(draft, { force: true })
    }
  })
}

/** Removes a journal, and the drafts of processes that were killed. */
export function removeJournal(file: string): void {
  explainFsErrors(file, () => {
    rmSync(file, { force: true })
    removeJournalDrafts(file)
    syncFolder(dirname(file))
  })
}

/** A name for a file beside a journal until it is complete. */
export const journalDraft = (file: string): string =>
  `${file}-${randomBytes(8).toString('hex')}${draftEnd}`

const draftEnd = '.unfinished'

/** Removes the drafts of processes that were killed before they had a journal. */
export function removeJournalDrafts(file: string): void {
  const folder = dirname(file)
  for (const name of ifExists(folder, (path) => readdirSync(path)) ?? []) {
    const isDraft = name.startsWith(`${basename(file)}-`) && name.endsWith(draftEnd)
    if (isDraft) rmSync(join(folder, name), { force: true })
  }
}
