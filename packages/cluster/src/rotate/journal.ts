import { randomBytes } from 'node:crypto'
import { rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '@erlmcp/core'
import { ignoreMissing, unfinishedName } from '../directory.ts'
import { place, readable, syncDirectory } from '../place.ts'
import type { Wanted } from '../wanted.ts'

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
    const text = await readable(file).catch(ignoreMissing)
    if (text === undefined) continue
    return { file, journal: parsed(text, join(directory, name)) }
  }
  return undefined
}

function parsed(text: string, path: string): Journal {
  try {
    return JSON.parse(text)
  } catch {
    throw new UserError({
      what: `${path}, in which a rotation keeps the old content, was changed by somebody`,
      help: 'Put it back, or move it away and compare the secrets with what the servers accept.',
    })
  }
}

/**
 * Writes it down before anything changes.
 *
 * @throws UserError when there is one already: one rotation at a time
 */
export async function begin(file: string, changes: readonly Change[]): Promise<void> {
  const journal: Journal = { state: 'begun', changes }
  const placed = await place({ file, path: name, readers: [] }, JSON.stringify(journal))
  if (!placed) {
    throw new UserError({
      what: 'another rotation has begun here',
      help: 'When it has ended, run: erlmcp secrets rotate --done',
    })
  }
  await syncDirectory(dirname(file))
}

/** Every file and every server has the new content. */
export async function markApplied(file: string, changes: readonly Change[]): Promise<void> {
  const journal: Journal = { state: 'applied', changes }
  const beside = join(dirname(file), unfinishedName(randomBytes(8).toString('hex')))
  await place({ file: beside, path: name, readers: [] }, JSON.stringify(journal))
  await rename(beside, file)
  await syncDirectory(dirname(file))
}

/** Forgets the old content. */
export async function forget(file: string): Promise<void> {
  await unlink(file).catch(ignoreMissing)
  await syncDirectory(dirname(file))
}
