import { randomBytes } from 'node:crypto'
import { readdir, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describeFileKind, UserError } from '@erlmcp/core'
import { ignoreMissing, lstatIfExists } from '../file/directory.ts'
import { createSecretFile, readIfPermitted, syncDirectory } from '../file/secret-file.ts'
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

const name = '.erlmcp-rotation'

/** Path of the journal of a rotation that changes these files. */
export function journalFile(project: string, changes: readonly Change[]): string {
  return join(project, dirname(changes[0]!.path), name)
}

/** Finds the journal of a rotation that is not finished. */
export async function findJournal(
  project: string,
  stackSecrets: readonly StackSecret[],
): Promise<{ readonly file: string; readonly journal: Journal } | undefined> {
  for (const directory of new Set(stackSecrets.map(({ path }) => dirname(path)))) {
    const file = join(project, directory, name)
    const stats = await lstatIfExists(file)
    if (stats === undefined) continue
    const path = join(directory, name)
    if (!stats.isFile()) throw damagedJournal(path, `it is ${describeFileKind(stats)}`)
    if ((stats.mode & 0o077) !== 0) throw damagedJournal(path, 'other users may read or write it')
    const content = await readIfPermitted(file)
    if (content === undefined) {
      throw new UserError({
        message: `${path}, the journal of a rotation, may not be read by this user`,
        hint: 'Run the command as the user who started the rotation, or as root.',
      })
    }
    const journal = parseJournal(content, path)
    await validateJournal(journal, stackSecrets, path)
    return { file, journal }
  }
  return undefined
}

/** Validates without a detail: an error that quotes the journal would disclose a secret. */
function isJournal(data: unknown): data is Journal {
  const { state, changes } = (data ?? {}) as Partial<Journal>
  return (
    (state === 'begun' || state === 'applied') &&
    Array.isArray(changes) &&
    changes.every(
      ({ path, old, next }: Partial<Change>) =>
        [path, old, next].every((one) => typeof one === 'string' && one.trim() !== '') &&
        !path!.includes('\0'),
    ) &&
    new Set(changes.map(({ path }) => path)).size === changes.length
  )
}

function parseJournal(content: string, path: string): Journal {
  let data: unknown
  try {
    data = JSON.parse(content)
  } catch {
    throw damagedJournal(path, 'it is not JSON')
  }
  if (!isJournal(data)) throw damagedJournal(path, 'an entry has no path, old or new content')
  if (data.changes.length === 0) throw damagedJournal(path, 'it has no entry')
  return data
}

function damagedJournal(path: string, why: string): UserError {
  return new UserError({
    message: `${path}, the journal of a rotation, was modified: ${why}`,
    hint: 'Restore it; or move it away, and compare the secrets with the passwords of the servers.',
  })
}

/**
 * Validates a journal against the secrets that it names.
 *
 * @throws UserError for a content that no rotation creates, and for a file that has neither the old nor
 *   the new content
 */
async function validateJournal(
  { changes }: Journal,
  stackSecrets: readonly StackSecret[],
  file: string,
): Promise<void> {
  for (const { path, old, next } of changes) {
    const secret = stackSecrets.find((one) => one.path === path)
    if (secret === undefined) continue
    const wrong = await findContentError(secret, next)
    if (wrong !== undefined) throw damagedJournal(file, `the new content of ${path} ${wrong}`)
    const current = await readIfPermitted(secret.file).catch(ignoreMissing)
    const known = [old, next].map(trimEnds)
    if (current === undefined || known.includes(trimEnds(current))) continue
    throw damagedJournal(file, `${path} has neither the old nor the new content`)
  }
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
export async function createJournal(file: string, changes: readonly Change[]): Promise<void> {
  const journal: Journal = { state: 'begun', changes }
  const target = { file, path: name, readers: [] }
  const placed = await createSecretFile(target, JSON.stringify(journal), temporaryName(file))
  if (!placed) {
    throw new UserError({
      message: 'another rotation is in progress',
      hint: 'Wait for it, then run: erlmcp secrets rotate --done',
    })
  }
  await syncDirectory(dirname(file))
}

/** Notes that every file and server has the new content. */
export async function markApplied(file: string, changes: readonly Change[]): Promise<void> {
  const journal: Journal = { state: 'applied', changes }
  const beside = temporaryName(file)
  const target = { file: beside, path: name, readers: [] }
  await createSecretFile(target, JSON.stringify(journal), temporaryName(file))
  await rename(beside, file)
  await syncDirectory(dirname(file))
}

/** Removes the old contents, including those that killed runs have left. */
export async function removeJournal(file: string): Promise<void> {
  await unlink(file).catch(ignoreMissing)
  await removeUnfinishedJournals(dirname(file))
  await syncDirectory(dirname(file))
}

/** Removes what runs have left that were killed before they had a journal. */
export async function removeUnfinishedFiles(
  project: string,
  stackSecrets: readonly StackSecret[],
): Promise<void> {
  for (const directory of new Set(stackSecrets.map(({ path }) => dirname(path)))) {
    await removeUnfinishedJournals(join(project, directory))
  }
}

async function removeUnfinishedJournals(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error) => ignoreMissing(error) ?? [])
  for (const one of names.filter((entry) => unfinishedPattern.test(entry))) {
    await unlink(join(directory, one)).catch(ignoreMissing)
  }
}

// It holds old contents: its name differs from that of an unfinished secret.
const unfinishedPattern = /^\.erlmcp-rotation-[0-9a-f]{16}\.unfinished$/
/** The name of a file of a rotation until it is complete; `--done` removes leftovers of killed runs. */
export const temporaryName = (file: string): string =>
  join(dirname(file), `${name}-${randomBytes(8).toString('hex')}.unfinished`)
