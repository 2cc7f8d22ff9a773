import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { explainFsErrors, syncFolder, UserError, validateNoLinks, writeDurably } from '@erlmcp/core'
import type { Renamed } from './postgres/restore-database.ts'
import { list, object, oneOf, optional, text, words, yesOrNo } from './schema.ts'

/**
 * What a restore is about to do. Until it is `committed` whoever finds it takes the restore back,
 * and afterwards brings it to its end: that one rename of a file decides.
 */
export interface Journal {
  readonly state: 'preparing' | 'swapping' | 'committed'
  readonly project: string
  /** The set. */
  readonly set: string
  /** Ids of containers that run when it is over. */
  readonly stopped: readonly string[]
  readonly postgres: readonly {
    readonly service: string
    /** Roles that were not there before. */
    readonly roles?: readonly string[]
    readonly databases: readonly Renamed[]
  }[]
  /** Services of Redis, whose volumes are swapped while they are stopped. */
  readonly redis: readonly { readonly service: string; readonly volume: string }[]
  /** Names on the engine. */
  readonly volumes: readonly string[]
}

// It is mounted where it is tidied up, and a path would be a folder of the host.
const volume = text(/^[A-Za-z0-9][\w.-]*$/, 'name of a volume')

const shape = object<Journal>({
  state: oneOf('preparing', 'swapping', 'committed'),
  project: words,
  set: words,
  stopped: list(words),
  postgres: list(
    object<Journal['postgres'][number]>({
      service: words,
      roles: optional(list(words)),
      databases: list(
        object<Renamed>({ name: words, staged: words, kept: words, existed: yesOrNo }),
      ),
    }),
  ),
  redis: list(object<Journal['redis'][number]>({ service: words, volume })),
  volumes: list(volume),
})

const folder = '.erlmcp'

const fileOf = (root: string, project: string): string =>
  join(root, folder, `restore-${project}.json`)

/** The journal of a restore that is not over. */
export function findJournal(root: string, project: string): Journal | undefined {
  const file = fileOf(root, project)
  const stats = lstatSync(file, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  // A pipe would block whoever opens it.
  const found = stats.isFile() ? contentOf(file) : null
  const violation = shape(found, '')
  if (violation === undefined) return found as Journal
  throw new UserError({
    message: `${file}, in which a restore keeps how far it came, was changed by somebody: ${violation}`,
    hint: 'Put it back. What was there before is in .erlmcp-restore of each volume, and in databases named erlmcp_kept_….',
  })
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

export function writeJournal(root: string, journal: Journal): void {
  const file = fileOf(root, journal.project)
  validateNoLinks(root, folder)
  explainFsErrors(file, () => {
    mkdirSync(dirname(file), { recursive: true })
    rmSync(`${file}.next`, { force: true })
    writeDurably(`${file}.next`, `${JSON.stringify(journal, null, 2)}\n`, 0o600)
    renameSync(`${file}.next`, file)
    syncFolder(dirname(file))
  })
}

export function removeJournal(root: string, project: string): void {
  const file = fileOf(root, project)
  explainFsErrors(file, () => {
    rmSync(file, { force: true })
    syncFolder(dirname(file))
  })
}
