import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './example.ts'
import type { Outcome } from './load.ts'

export interface Counted extends Outcome {
  /** What the counter was counted up to: as much as was sent, if nothing was done twice. */
  readonly highest: number
}

/** A client that goes on counting until it is stopped. */
export interface Counting {
  stop(): Promise<Counted>
}

/**
 * Starts a client that counts up `rate` times a second; it ends with this process, and after five
 * minutes in any case.
 *
 * @param outside makes of a command one that runs where the client is
 */
export async function startCounting(
  outside: (argv: readonly [string, ...string[]]) => readonly string[],
  rate: number,
  counter: string,
  origins: readonly string[],
): Promise<Counting> {
  const script = join(import.meta.dirname, 'count-up.ts')
  const node = [process.execPath, '--import', 'tsx'] as const
  const [command, ...words] = outside([...node, script, String(rate), counter, ...origins])
  const child = spawn(command!, words, { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] })
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
