import { pipeline } from 'node:stream/promises'
import { isUserError, UserError } from '@erlmcp/core'
import { type BackupSet, openSet } from './backup-set.ts'
import { type Manifest, partsOf, type SavedVolume } from './manifest.ts'
import { nowhere, partFault, Refused } from './part.ts'
import type { BackupKey } from './read-key.ts'
import { tarTap } from './tar-facts.ts'

export interface VerifyOptions {
  /** Opens an encrypted set. With it, a set that it did not encrypt is refused. */
  readonly key?: BackupKey
  /** Told what is being done. */
  readonly progress?: (message: string) => void
}

/** Whether a set is as it was written. */
export interface BackupCheck {
  readonly ok: boolean
  /** Why not. */
  readonly problems: readonly string[]
  /** Absent where it cannot be read. */
  readonly manifest?: Manifest
}

/**
 * Reads all of a set: every part has its size and hash, can be decrypted and unpacked to its end, and
 * an archive of a volume has the files that were there. It needs no engine.
 *
 * @throws UserError when there is no set, or its key is not given
 */
export async function verifyBackup(
  path: string,
  options: VerifyOptions = {},
): Promise<BackupCheck> {
  const { problems, set } = await verified(path, options)
  return { ok: problems.length === 0, problems, ...(set && { manifest: set.manifest }) }
}

/** The same, with the set where it can be opened. */
export async function verified(
  path: string,
  { key, progress }: VerifyOptions,
): Promise<{ readonly problems: readonly string[]; readonly set?: BackupSet }> {
  let set: BackupSet
  try {
    set = await openSet(path, key)
  } catch (error) {
    if (error instanceof Refused) return { problems: [error.message] }
    throw error
  }
  const problems: string[] = []
  const archives = new Map(set.manifest.volumes.map((one) => [one.archive.file, one]))
  for (const part of partsOf(set.manifest)) {
    progress?.(`reading ${part.file}`)
    const violation = await partFault(path, part)
    if (violation !== undefined) problems.push(violation)
    else problems.push(...(await contentFaults(set, part.file, archives.get(part.file))))
  }
  return { problems, set }
}

async function contentFaults(
  set: BackupSet,
  file: string,
  volume: SavedVolume | undefined,
): Promise<readonly string[]> {
  try {
    const content = await set.read({ file, bytes: 0, sha256: '' })
    if (volume === undefined) {
      await pipeline(content, nowhere())
      return []
    }
    const { tap, facts } = tarTap()
    await pipeline(content, tap, nowhere())
    return facts().digest === volume.digest ? [] : [`${file} has other files than were saved`]
  } catch (error) {
    return [`${file}: ${(error as Error).message}`]
  }
}

/** A set that is as it was written, or the reasons why it is refused. */
export function refuseVersion({ manifest }: BackupSet, major: number, service: string): void {
  const saved = manifest.postgres.find((one) => one.service === service)
  if (saved === undefined || Math.floor(saved.version / 10_000) <= major) return
  throw new UserError({
    message: `the set is of PostgreSQL ${Math.floor(saved.version / 10_000)}, and ${service} runs ${major}`,
    hint: 'A dump goes into the same or a newer version: take the image of the set, or a newer one.',
  })
}

/** What an engine or a tool refuses about a content, in one line. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message
  if (!isUserError(error)) throw error
  return `${error.message}: ${error.hint.split('\n')[0]}`
}
