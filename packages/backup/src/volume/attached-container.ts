import { once } from 'node:events'
import type { UserError } from '@erlmcp/core'
import { findEngineError, startDocker } from '@erlmcp/docker'

/** A container that ends with this process. */
export interface AttachedContainer {
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
  /** The error where the container does not become ready. */
  explain(stderr: string): UserError
}

/**
 * Starts a container without a network, and waits until it is ready. It reads from this process, so
 * that it ends when this process does, even by SIGKILL; what runs in it ends with it.
 */
export async function startAttached(attached: AttachedOptions): Promise<AttachedContainer> {
  const { name, image, options, script, explain } = attached
  const args = [
    ...['run', '--interactive', '--rm', '--name', name, '--network', 'none', '--pull', 'never'],
    ...['--log-driver', 'none', '--security-opt', 'no-new-privileges', ...options],
    ...['--entrypoint', 'sh', image, '-c', script],
  ]
  const command = startDocker(args)
  const ready = await Promise.race([
    once(command.stdout, 'data'),
    command.exit.then(() => undefined),
  ])
  if (ready === undefined) {
    throw findEngineError(args, command.stderr) ?? explain(command.stderr.trim())
  }
  return {
    async end() {
      command.stdin.end()
      await command.exit
    },
  }
}
