import { spawn } from 'node:child_process'
import { join } from 'node:path'

export interface LoadReport {
  readonly sent: number
  readonly seconds: number
  readonly failures: readonly string[]
  /** What the counter was counted up to: as much as was sent, if nothing was done twice. */
  readonly highest: number
  /** Milliseconds of the slowest request. */
  readonly slowest: number
}

/** A client that goes on counting until it is stopped. */
export interface Load {
  stop(): Promise<LoadReport>
}

/**
 * Starts a client that counts up `rate` times a second; it ends with this process, and after five
 * minutes in any case.
 *
 * @param outside makes of a command one that runs where the client is
 */
export async function startLoad(
  outside: (argv: readonly [string, ...string[]]) => readonly string[],
  rate: number,
  counter: string,
  urls: readonly string[],
): Promise<Load> {
  const script = join(import.meta.dirname, 'swarm-load.mjs')
  const [command, ...words] = outside([process.execPath, script, String(rate), counter, ...urls])
  const child = spawn(command!, words, { stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const begun = new Promise<void>((resolve) => {
    child.stdout.once('data', () => resolve())
  })
  await Promise.race([begun, ended])
  return {
    async stop() {
      child.stdin.end()
      await ended
      const line = output.trim().split('\n').at(-1) ?? ''
      if (!line.startsWith('{')) throw new Error(`the client ended without a report: ${output}`)
      return JSON.parse(line)
    },
  }
}
