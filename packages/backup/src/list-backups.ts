import { lstat, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UserError } from '@erlmcp/core'
import { manifestName, sealedName } from './backup-set.ts'

/** What a set shows of itself without its key; whether it is whole, `verifyBackup` says. */
export interface ListedBackup {
  readonly path: string
  readonly project: string
  /** When it was begun, in UTC. */
  readonly taken: string
  readonly bytes: number
  readonly encrypted: boolean
}

/**
 * The sets in a folder, the oldest first. What is unfinished, or no set, is not among them.
 *
 * @throws UserError when the folder cannot be read
 */
export async function listBackups(folder: string): Promise<readonly ListedBackup[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new UserError({
      message: `${folder} cannot be read: ${error.code}`,
      hint: 'Take a backup with `erlmcp backup create`, or name another folder with --to.',
      kind: 'environment',
    })
  })
  const found = await Promise.all(names.map((name) => listed(join(folder, name))))
  const order = ({ taken, project }: ListedBackup) => `${taken} ${project}`
  return found.flatMap((one) => one ?? []).sort((a, b) => (order(a) < order(b) ? -1 : 1))
}

const setName = /^([^.].*)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

async function listed(path: string): Promise<ListedBackup | undefined> {
  const [, project, year, month, day, hour, minute, second] = setName.exec(basename(path)) ?? []
  if (project === undefined) return undefined
  const files: readonly string[] = await readdir(path).catch(() => [])
  const encrypted = files.includes(sealedName)
  if (!encrypted && !files.includes(manifestName)) return undefined
  const sizes = await Promise.all(files.map((file) => sizeOf(join(path, file))))
  return {
    path,
    project,
    taken: `${year}-${month}-${day}T${hour}:${minute}:${second}Z`,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    encrypted,
  }
}

/** Somebody may be removing the set meanwhile. */
const sizeOf = (file: string): Promise<number> =>
  lstat(file).then(
    ({ size }) => size,
    () => 0,
  )
