import { mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { isUserError, lock, UserError, writeInPlace } from '@erlmcp/core'

export interface TurnOptions {
  /** Ends the wait. */
  readonly signal: AbortSignal | undefined
  /** Told once, when another run is there: who it is. */
  onWait(holder: string): void
}

/**
 * Waits until no other run works in these folders; two at once would remove each other's evidence.
 *
 * @returns what ends the turn
 * @throws UserError when it is stopped while it waits, or the folders cannot be written
 */
export async function takeTurn(
  folders: readonly string[],
  options: TurnOptions,
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

async function lockOf(folder: string, { signal, onWait }: TurnOptions): Promise<() => void> {
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
        message: 'stopped while another run of gates went on',
        hint: 'Nothing ran.',
      })
    }
  }
}

/** Where the runs of this machine take turns at the volumes of a compose project, in any checkout. */
export function folderOfVolumes(project: string, set: string): string {
  const folder = join(tmpdir(), `erlmcp-gates-${userInfo().uid}`, `${project}-${set}`)
  writeInPlace(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }))
  return folder
}
