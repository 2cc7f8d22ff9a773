import { mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { isUserError, lock, UserError, writeInPlace } from '@erlmcp/core'

export interface RunLockOptions {
  /** Stops waiting. */
  readonly signal: AbortSignal | undefined
  /** Called once if another run holds the lock. */
  onWait(holder: string): void
}

/**
 * Locks these folders, and waits while another run holds one: two runs would remove each other's
 * evidence.
 *
 * @returns releases the locks
 * @throws UserError when stopped while waiting, or if a folder is not writable
 */
export async function lockRun(
  folders: readonly string[],
  options: RunLockOptions,
): Promise<() => void> {
  const held: (() => void)[] = []
  const release = () => {
    for (const end of held) end()
  }
  try {
    for (const folder of folders) held.push(await lockOf(folder, options))
  } catch (error) {
    release()
    throw error
  }
  return release
}

async function lockOf(folder: string, { signal, onWait }: RunLockOptions): Promise<() => void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return (await lock(folder, tries === 0 ? 0 : 1000)).release
    } catch (error) {
      const holder = isUserError(error) ? /^process \d+ on \S+/.exec(error.summary)?.[0] : undefined
      if (holder === undefined) throw error
      if (tries === 0) onWait(holder)
    }
    if (signal?.aborted) {
      throw new UserError({
        message: 'stopped while waiting for another run of gates',
        hint: 'No gate ran.',
      })
    }
  }
}

/** Folder of the lock on the volumes of a set, for all checkouts on this machine. */
export function volumesLockFolder(project: string, set: string): string {
  const folder = join(tmpdir(), `erlmcp-gates-${userInfo().uid}`, `${project}-${set}`)
  writeInPlace(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }))
  return folder
}
