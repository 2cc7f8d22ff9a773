import { randomBytes } from 'node:crypto'
import { readdir, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '@erlmcp/core'
import { ignoreMissing, kindOf, lstatOrMissing } from '../directory.ts'
import { place, readable, syncDirectory } from '../secret-file.ts'
import type { Wanted } from '../stack-secrets.ts'

/** One file of a rotation, with both contents. */
export interface Change {
  readonly path: string
  readonly old: string
  readonly next: string
}

/** What a rotation is about to do, or did. It lies beside the secrets, readable to nobody else. */
export interface Journal {
  /** `begun`: some files may have the new content. `applied`: all have. */
  readonly state: 'begun' | 'applied'
  readonly changes: readonly Change[]
}

const name = '.erlmcp-rotation'

/** Where the journal of a rotation that changes these files is. */
export function journalFile(project: string, changes: readonly Change[]): string {
  return join(project, dirname(changes[0]!.path), name)
}

/** The journal beside the secrets, if a rotation is not done. */
export async function findJournal(
  project: string,
  wanted: readonly Wanted[],
): Promise<{ readonly file: string; readonly journal: Journal } | undefined> {
  for (const directory of new Set(wanted.map(({ path }) => dirname(path)))) {
    const file = join(project, directory, name)
    const stats = await lstatOrMissing(file)
    if (stats === undefined) continue
    const path = join(directory, name)
    if (!stats.isFile()) throw damaged(path, `it is ${kindOf(stats)}`)
    if ((stats.mode & 0o077) !== 0) throw damaged(path, 'other users may read or write it')
    const content = await readable(file)
    if (content === undefined) {
      throw new UserError({
        message: `${path}, in which a rotation keeps the old content, may not be read by this user`,
        hint: 'Run it as the user who began the rotation, or as root.',
      })
    }
    const journal = parsed(content, path)
    await refuseForeign(journal, wanted, path)
    return { file, journal }
  }
  return undefined
}

/** Whether it is as {@link begin} writes it. What is wrong with it would show a content. */
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

function parsed(content: string, path: string): Journal {
  let data: unknown
  try {
    data = JSON.parse(content)
  } catch {
    throw damaged(path, 'it is not JSON')
  }
  if (!isJournal(data)) throw damaged(path, 'an entry has no path, old or new content')
  if (data.changes.length === 0) throw damaged(path, 'it has no entry')
  return data
}

function damaged(path: string, why: string): UserError {
  return new UserError({
    message: `${path}, in which a rotation keeps the old content, was changed since: ${why}`,
    hint: 'Put it back, or move it away and compare the secrets with what the servers accept.',
  })
}

/**
 * Compares a journal with the secrets that it is about.
 *
 * @throws UserError when it would write something that a rotation never makes: a content of another
 *   form, or over a file that has neither the old nor the new content
 */
async function refuseForeign(
  { changes }: Journal,
  wanted: readonly Wanted[],
  file: string,
): Promise<void> {
  for (const { path, old, next } of changes) {
    const secret = wanted.find((one) => one.path === path)
    if (secret === undefined) continue
    const wrong = await contentFault(secret, next)
    if (wrong !== undefined) throw damaged(file, `the new content of ${path} ${wrong}`)
    const current = await readable(secret.file).catch(ignoreMissing)
    const known = [old, next].map(withoutEnd)
    if (current === undefined || known.includes(withoutEnd(current))) continue
    throw damaged(file, `${path} has neither the old nor the new content`)
  }
}

// A shorter content is filled up with line ends.
const withoutEnd = (content: string): string => content.replace(/\n+$/, '')

async function contentFault({ recipe }: Wanted, content: string): Promise<string | undefined> {
  if (recipe.kind === 'random') {
    const length = Buffer.alloc(recipe.bytes).toString(recipe.encoding).length
    const form = recipe.encoding === 'hex' ? /^[0-9a-f]+$/ : /^[\w-]+$/
    const fits = content.length === length && form.test(content)
    return fits ? undefined : `is not ${recipe.bytes} random bytes in ${recipe.encoding}`
  }
  const make = await import('../certificate.ts')
  if (recipe.part === 'key') return make.parsePrivateKey(content) ? undefined : 'is not a key'
  return make.parseCertificates(content).length > 0 ? undefined : 'is not a certificate'
}

/**
 * Writes it down before anything changes.
 *
 * @throws UserError when there is one already: one rotation at a time
 */
export async function begin(file: string, changes: readonly Change[]): Promise<void> {
  const journal: Journal = { state: 'begun', changes }
  const target = { file, path: name, readers: [] }
  const placed = await place(target, JSON.stringify(journal), unfinishedRotation(file))
  if (!placed) {
    throw new UserError({
      message: 'another rotation has begun here',
      hint: 'When it has ended, run: erlmcp secrets rotate --done',
    })
  }
  await syncDirectory(dirname(file))
}

/** Every file and every server has the new content. */
export async function markApplied(file: string, changes: readonly Change[]): Promise<void> {
  const journal: Journal = { state: 'applied', changes }
  const beside = unfinishedRotation(file)
  const target = { file: beside, path: name, readers: [] }
  await place(target, JSON.stringify(journal), unfinishedRotation(file))
  await rename(beside, file)
  await syncDirectory(dirname(file))
}

/** Forgets the old content, also what killed runs left of it. */
export async function forget(file: string): Promise<void> {
  await unlink(file).catch(ignoreMissing)
  await removeUnfinishedJournals(dirname(file))
  await syncDirectory(dirname(file))
}

/** The same where no rotation is under way: what a run left that was killed before it began. */
export async function forgetUnfinished(project: string, wanted: readonly Wanted[]): Promise<void> {
  for (const directory of new Set(wanted.map(({ path }) => dirname(path)))) {
    await removeUnfinishedJournals(join(project, directory))
  }
}

async function removeUnfinishedJournals(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error) => ignoreMissing(error) ?? [])
  for (const one of names.filter((entry) => unfinishedPattern.test(entry))) {
    await unlink(join(directory, one)).catch(ignoreMissing)
  }
}

// It has contents of before, so it is told apart from the half of a new secret.
const unfinishedPattern = /^\.erlmcp-rotation-[0-9a-f]{16}\.unfinished$/
/** The name of a file of a rotation until it is whole; `--done` removes what a killed run left. */
export const unfinishedRotation = (file: string): string =>
  join(dirname(file), `${name}-${randomBytes(8).toString('hex')}.unfinished`)
