import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { UserError } from '@erlmcp/core'
import { silentEngine } from '../engine.ts'

/** A container that ends with this process. */
export interface Attached {
  end(): Promise<void>
}

export interface AttachedOptions {
  /** Unique on the engine. */
  readonly name: string
  readonly image: string
  /** For `docker run`. */
  readonly options: readonly string[]
  /** Run by its sh: prints a line when it is ready, and ends when its input does. */
  readonly script: string
  /** What to throw where docker says this, and the script nothing. */
  refused(said: string): UserError
}

/**
 * Starts a container without a network, and waits until it is ready. It reads from this process, so
 * that it ends when this process does, however that ends; what runs in it ends with it.
 */
export async function startAttached(asked: AttachedOptions): Promise<Attached> {
  const { name, image, options, script, refused } = asked
  const words = [
    ...['run', '--interactive', '--rm', '--name', name, '--network', 'none', '--pull', 'never'],
    ...['--log-driver', 'none', '--security-opt', 'no-new-privileges', ...options],
    ...['--entrypoint', 'sh', image, '-c', script],
  ]
  const child = spawn('docker', words, { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stdin.on('error', () => {})
  const closed = once(child, 'close').catch(() => {})
  const ready = await Promise.race([once(child.stdout, 'data'), closed.then(() => undefined)])
  if (ready === undefined) throw silentEngine(said) ?? refused(said.trim())
  return {
    async end() {
      child.stdin.end()
      await closed
    },
  }
}
