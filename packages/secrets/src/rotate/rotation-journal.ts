import { existsSync, lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  createJournal,
  matches,
  modifiedJournal,
  readJournal,
  removeJournalDrafts,
  replaceJournal,
  schema,
  UserError,
} from '@erlmcp/core'
import { readIfPermitted } from '../file/secret-file.ts'
import type { StackSecret } from '../stack-secrets.ts'

/** A file of a rotation, with both contents. */
export interface Change {
  readonly path: string
  readonly old: string
  readonly next: string
}

/** What a rotation is going to change, or has changed. Its file has the protection of the secrets. */
export interface Journal {
  /** `begun`: some files may have the new content. `applied`: all have. */
  readonly state: 'begun' | 'applied'
  readonly changes: readonly Change[]
}

const { formatted, list, oneOf, record, string, textLike } = schema

const name = '.erlmcp-rotation'

/** The journal of a rotation that begins with this file. */
export const journalFile = (file: string): string => join(dirname(file), name)

/** Finds the journal of a rotation that is not finished. */
export async function findJournal(
  project: string,
  stackSecrets: readonly StackSecret[],
): Promise<{ readonly file: string; readonly journal: Journal } | undefined> {
  for (const path of journalPaths(stackSecrets)) {
    const file = join(project, path)
    const journalFile = { file, path, ...rotation, findError }
    const journal = readJournal(journalFile) as Journal | undefined
    if (journal === undefined) continue
    if ((lstatSync(file).mode & 0o077) !== 0) {
      throw modifiedJournal(journalFile, 'other users may read or write it')
    }
    const fault = await findChangeError(journal, stackSecrets)
    if (fault !== undefined) throw modifiedJournal(journalFile, fault)
    return { file, journal }
  }
  return undefined
}

const journalPaths = (stackSecrets: readonly StackSecret[]): readonly string[] => [
  ...new Set(stackSecrets.map(({ path }) => journalFile(path))),
]

const rotation = {
  operation: 'a rotation',
  hint: 'Restore it; or move it away, and compare the secrets with the passwords of the servers.',
}

const content = formatted(string, {
  expected: 'a content',
  hint: 'Write a content.',
  accepts: (text) => text.trim() !== '',
})

const journalSchema = record<Journal>({
  state: oneOf('begun', 'applied'),
  changes: list(
    record<Change>({ path: textLike(/^[^\0]+$/, 'a path'), old: content, next: content }),
  ),
})

/** Without a detail: an error that quotes the journal would disclose a secret. */
function findError(data: unknown): string | undefined {
  if (!matches(journalSchema, data)) return 'an entry has no path, old or new content'
  const { changes } = data as unknown as Journal
  const paths = new Set(changes.map(({ path }) => path))
  if (paths.size < changes.length) return 'a path has two entries'
  return changes.length === 0 ? 'it has no entry' : undefined
}

/** Finds a content that no rotation creates, and a file that has neither the old nor the new one. */
async function findChangeError(
  { changes }: Journal,
  stackSecrets: readonly StackSecret[],
): Promise<string | undefined> {
  for (const { path, old, next } of changes) {
    const secret = stackSecrets.find((one) => one.path === path)
    if (secret === undefined) continue
    const fault = await findContentError(secret, next)
    if (fault !== undefined) return `the new content of ${path} ${fault}`
    const current = existsSync(secret.file) ? readIfPermitted(secret.file) : undefined
    const known = [old, next].map(trimEnds)
    if (current === undefined || known.includes(trimEnds(current))) continue
    return `${path} has neither the old nor the new content`
  }
  return undefined
}

// A shorter content is padded with newlines.
const trimEnds = (content: string): string => content.replace(/\n+$/, '')

async function findContentError(
  { recipe }: StackSecret,
  content: string,
): Promise<string | undefined> {
  if (recipe.kind === 'random') {
    const length = Buffer.alloc(recipe.bytes).toString(recipe.encoding).length
    const form = recipe.encoding === 'hex' ? /^[0-9a-f]+$/ : /^[\w-]+$/
    const fits = content.length === length && form.test(content)
    return fits ? undefined : `is not ${recipe.bytes} random bytes in ${recipe.encoding}`
  }
  const make = await import('../certificate/certificate.ts')
  if (recipe.part === 'key')
    return make.parsePrivateKey(content) ? undefined : 'is not a private key'
  return make.parseCertificates(content).length > 0 ? undefined : 'is not a certificate'
}

/**
 * Creates the journal, before anything changes.
 *
 * @throws UserError where another rotation has one
 */
export function beginRotation(file: string, changes: readonly Change[]): void {
  if (createJournal(file, { state: 'begun', changes }, 0o400)) return
  throw new UserError({
    message: 'another rotation is in progress',
    hint: 'Wait for it, then run: erlmcp secrets rotate --done',
  })
}

/** Notes that every file and server has the new content. */
export const markApplied = (file: string, changes: readonly Change[]): void =>
  replaceJournal(file, { state: 'applied', changes }, 0o400)

/** Removes what runs have left that were killed before they had a journal. */
export function removeUnfinishedFiles(project: string, stackSecrets: readonly StackSecret[]): void {
  for (const path of journalPaths(stackSecrets)) removeJournalDrafts(join(project, path))
}
