import { type ChildProcess, spawn } from 'node:child_process'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { explainStart } from './engine-error.ts'

export interface ProcessOptions {
  /** Working directory. Default: that of this process. */
  readonly cwd?: string
  /** Seconds after which the command is killed and has failed. Default: no limit. */
  readonly timeout?: number
  /** Kills the command when it aborts. */
  readonly signal?: AbortSignal
  /**
   * Whether the command runs in a process group of its own, which Ctrl-C of the terminal does not
   * reach. Killing it then sends SIGTERM to the whole group. Default: false.
   */
  readonly detached?: boolean
}

/** A running docker command. */
export interface DockerProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  /** The standard error so far. */
  readonly stderr: string
  /** The exit code, 1 for a command that a signal ended. Rejects when docker cannot be started. */
  readonly exit: Promise<number>
  kill(): void
}

/**
 * Starts a docker command.
 *
 * @example
 * const { stdout, exit } = startDocker(['events', '--since', '1h'])
 */
export function startDocker(args: readonly string[], options: ProcessOptions = {}): DockerProcess {
  const { cwd, timeout, signal, detached = false } = options
  const child = spawn('docker', args, { cwd, detached, stdio: ['pipe', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  // A command that exits before it has read its input explains that by its exit code.
  child.stdin.on('error', () => {})
  const kill = () => {
    if (detached) return killGroup(child)
    child.kill('SIGKILL')
    // Processes that the command has started may hold the pipes open.
    for (const stream of [child.stdout, child.stderr]) stream.destroy()
  }
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(() => {
          stderr += `\nno answer within ${timeout} s`
          kill()
        }, timeout * 1000)
  if (signal?.aborted) kill()
  signal?.addEventListener('abort', kill)
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(explainStart(error, cwd)))
    child.once('close', (code) => resolve(code ?? 1))
  }).finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', kill)
  })
  // The caller may look at it late.
  exit.catch(() => {})
  return {
    ...{ stdin: child.stdin, stdout: child.stdout, exit, kill },
    get stderr() {
      return stderr
    },
  }
}

/** `docker compose` is a process of its own. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // The group has ended meanwhile.
  }
}

/**
 * Writes the whole input of a command, which is killed where the input fails.
 *
 * @returns what the input failed with
 */
export async function writeInput(
  { stdin, kill }: DockerProcess,
  input: string | Readable,
): Promise<Error | undefined> {
  const source = typeof input === 'string' ? Readable.from([Buffer.from(input)]) : input
  try {
    await pipeline(source, stdin)
    return undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE') return undefined
    kill()
    return error as Error
  }
}
