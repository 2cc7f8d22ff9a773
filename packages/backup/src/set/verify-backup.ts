import { pipeline } from 'node:stream/promises'
import { isUserError, UserError } from '@erlmcp/core'
import type { BackupKey } from '../key/read-key.ts'
import { type BackupSet, openSet } from './backup-set.ts'
import { type Manifest, partsOf, type SavedVolume } from './manifest.ts'
import { discard, findPartError, SetRejected } from './part.ts'
import { tarTap } from './tar-facts.ts'

export interface VerifyOptions {
  /** Decrypts an encrypted set. Any other set is then rejected. */
  readonly key?: BackupKey
  /** Receives each step. */
  readonly progress?: (message: string) => void
}

/** Result of the verification of a set. */
export interface BackupCheck {
  readonly ok: boolean
  /** What is damaged. */
  readonly problems: readonly string[]
  /** Absent where it is unreadable. */
  readonly manifest?: Manifest
}

/**
 * Verifies a whole set: size and hash of every part, decryption and decompression to the end, and the
 * files in the archive of each volume. It needs no engine.
 *
 * @throws UserError for anything but a set, and where its key is missing
 */
export async function verifyBackup(
  path: string,
  options: VerifyOptions = {},
): Promise<BackupCheck> {
  const { problems, set } = await openVerified(path, options)
  return { ok: problems.length === 0, problems, ...(set && { manifest: set.manifest }) }
}

/** The same, and opens the set. */
export async function openVerified(
  path: string,
  { key, progress }: VerifyOptions,
): Promise<{ readonly problems: readonly string[]; readonly set?: BackupSet }> {
  let set: BackupSet
  try {
    set = await openSet(path, key)
  } catch (error) {
    if (error instanceof SetRejected) return { problems: [error.message] }
    throw error
  }
  const problems: string[] = []
  const archives = new Map(set.manifest.volumes.map((one) => [one.archive.file, one]))
  for (const part of partsOf(set.manifest)) {
    progress?.(`reading ${part.file}`)
    const violation = await findPartError(path, part)
    if (violation !== undefined) problems.push(violation)
    else problems.push(...(await findContentErrors(set, part.file, archives.get(part.file))))
  }
  return { problems, set }
}

async function findContentErrors(
  set: BackupSet,
  file: string,
  volume: SavedVolume | undefined,
): Promise<readonly string[]> {
  try {
    const content = await set.read({ file, bytes: 0, sha256: '' })
    if (volume === undefined) {
      await pipeline(content, discard())
      return []
    }
    const { tap, facts } = tarTap()
    await pipeline(content, tap, discard())
    return facts().digest === volume.digest ? [] : [`${file}: other files than were saved`]
  } catch (error) {
    return [`${file}: ${(error as Error).message}`]
  }
}

/** Validates that a server can restore the dumps of a set. */
export function validateVersion({ manifest }: BackupSet, major: number, service: string): void {
  const saved = manifest.postgres.find((one) => one.service === service)
  if (saved === undefined || Math.floor(saved.version / 10_000) <= major) return
  throw new UserError({
    message: `${service}: expected PostgreSQL ${Math.floor(saved.version / 10_000)} or newer, got ${major}`,
    hint: 'Use the image of the set, or a newer one.',
  })
}

/** Explains in one line why a set was rejected, by us, the engine or a tool. */
export function explainRefusal(error: unknown): string {
  if (error instanceof SetRejected) return error.message
  if (!isUserError(error)) throw error
  return `${error.message}: ${error.hint.split('\n')[0]}`
}
