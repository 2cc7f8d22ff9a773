import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** Names this process among all that test on the same engine at the same time. */
export const runId = `${process.pid.toString(36)}${randomBytes(3).toString('hex')}`

/**
 * The label that a test gives to what it starts itself, outside of a compose project: the reaper removes
 * containers, networks, volumes and images that carry it when this process ends, however it ends.
 *
 * @example run(['docker', 'volume', 'create', '--label', runLabel(), 'scratch'])
 */
export function runLabel(): string {
  startReaper()
  return `dev.erlmcp.run=${runId}`
}

let names: Writable | undefined

/** Hands a compose project to the reaper. */
export function reapAtExit(project: string): void {
  startReaper().write(`${project}\n`)
}

// A process of its own that waits for the end of its input: also kill -9 of a test closes that pipe.
function startReaper(): Writable {
  if (names) return names
  const script = fileURLToPath(new URL('./reaper.sh', import.meta.url))
  const reaper = spawn(script, [runId], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  reaper.unref()
  // The pipe must not keep this process alive either: a socket underneath, which can be let go.
  if ('unref' in reaper.stdin && typeof reaper.stdin.unref === 'function') reaper.stdin.unref()
  names = reaper.stdin
  return names
}
