import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  explainFsErrors,
  readJournal,
  removeJournal,
  replaceJournal,
  schema,
  validateNoLinks,
} from '@erlmcp/core'
import type { RestoredDatabase } from '../postgres/restore-database.ts'
import { findViolation, name, record } from '../set/schema.ts'

/**
 * What a restore is going to do. A process that finds it rolls the restore back until it is
 * `committed`, and completes it afterwards: one rename of a file decides.
 */
export interface Journal {
  readonly state: 'preparing' | 'swapping' | 'committed'
  readonly project: string
  /** The set. */
  readonly set: string
  /** Ids of containers to start when it is over. */
  readonly stopped: readonly string[]
  readonly postgres: readonly {
    readonly service: string
    /** Roles that the restore has created. */
    readonly roles?: readonly string[]
    readonly databases: readonly RestoredDatabase[]
  }[]
  /** Services of Redis, whose volumes are swapped while they are stopped. */
  readonly redis: readonly { readonly service: string; readonly volume: string }[]
  /** Names on the engine. */
  readonly volumes: readonly string[]
}

const { boolean, list, oneOf, textLike } = schema

// Recovery mounts it, and a path would be a directory of the host.
const volume = textLike(/^[A-Za-z0-9][\w.-]*$/, 'the name of a volume')

const journalSchema = record<Journal>({
  state: oneOf('preparing', 'swapping', 'committed'),
  project: name,
  set: name,
  stopped: list(name),
  postgres: list(
    record<Journal['postgres'][number]>(
      {
        service: name,
        roles: list(name),
        databases: list(
          record<RestoredDatabase>({ name, staged: name, kept: name, existed: boolean }),
        ),
      },
      ['roles'],
    ),
  ),
  redis: list(record<Journal['redis'][number]>({ service: name, volume })),
  volumes: list(volume),
})

const folder = '.erlmcp'

const journalPath = (root: string, project: string): string =>
  join(root, folder, `restore-${project}.json`)

/** Finds the journal of a restore that is not over. */
export function findJournal(root: string, project: string): Journal | undefined {
  const file = journalPath(root, project)
  const found = readJournal({
    file,
    path: file,
    operation: 'a restore',
    hint: 'Restore the file. The previous data is in .erlmcp-restore of each volume, and in databases named erlmcp_kept_….',
    findError: (data) => findViolation(journalSchema, data),
  })
  return found as Journal | undefined
}

export function writeJournal(root: string, journal: Journal): void {
  const file = journalPath(root, journal.project)
  validateNoLinks(root, folder)
  explainFsErrors(file, () => mkdirSync(dirname(file), { recursive: true }))
  replaceJournal(file, journal, 0o600)
}

export const dropJournal = (root: string, project: string): void =>
  removeJournal(journalPath(root, project))
