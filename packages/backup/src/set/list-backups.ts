import { lstat, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UserError } from '@erlmcp/core'
import { manifestName, sealedName } from './backup-set.ts'

/** What is known of a set without its key. Whether it is intact is checked by `verifyBackup`. */
export interface ListedBackup {
  readonly path: string
  readonly project: string
  /** Start of the backup, in UTC. */
  readonly taken: string
  readonly bytes: number
  readonly encrypted: boolean
}

/**
 * Lists the sets in a directory, the oldest first. Unfinished sets and other files are skipped.
 *
 * @throws UserError where the directory cannot be read
 */
export async function listBackups(folder: string): Promise<readonly ListedBackup[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new UserError({
      message: `cannot read ${folder}: ${error.code}`,
      hint: 'Create a backup with `erlmcp backup create`, or name another directory with --to.',
      kind: 'environment',
    })
  })
  const found = await Promise.all(names.map((name) => readListed(join(folder, name))))
  const order = ({ taken, project }: ListedBackup) => `${taken} ${project}`
  return found.flatMap((one) => one ?? []).sort((a, b) => (order(a) < order(b) ? -1 : 1))
}

const setName = /^([^.].*)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

async function readListed(path: string): Promise<ListedBackup | undefined> {
  const [, project, year, month, day, hour, minute, second] = setName.exec(basename(path)) ?? []
  if (project === undefined) return undefined
  const files: readonly string[] = await readdir(path).catch(() => [])
  const encrypted = files.includes(sealedName)
  if (!encrypted && !files.includes(manifestName)) return undefined
  const sizes = await Promise.all(files.map((file) => fileSize(join(path, file))))
  return {
    path,
    project,
    taken: `${year}-${month}-${day}T${hour}:${minute}:${second}Z`,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    encrypted,
  }
}

/** A concurrent process may be removing the set. */
const fileSize = (file: string): Promise<number> =>
  lstat(file).then(
    ({ size }) => size,
    () => 0,
  )
