import { type ChildProcess, spawn } from 'node:child_process'
import { UserError } from '@erlmcp/core'

export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * What a docker command says, whatever its exit code.
 *
 * @param signal ends the command
 * @param on gets the standard output as it comes, instead of keeping it
 */
export function docker(
  args: readonly string[],
  cwd: string,
  signal?: AbortSignal,
  on?: (chunk: Buffer) => void,
): Promise<Said> {
  const child = start(args, cwd)
  const end = () => endGroup(child)
  if (signal?.aborted) end()
  signal?.addEventListener('abort', end)
  const said = { stdout: '', stderr: '' }
  if (on) child.stdout?.on('data', on)
  for (const stream of on ? (['stderr'] as const) : (['stdout', 'stderr'] as const)) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
    })
  }
  return ended(child)
    .then((code) => ({ code, ...said }))
    .finally(() => signal?.removeEventListener('abort', end))
}

/** @throws UserError with what docker said, when its exit code is not 0 */
export async function mustDocker(args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await docker(args, cwd)
  if (code !== 0) {
    throw new UserError({
      message: `docker ${args.join(' ')} says no`,
      hint: (stderr || stdout).trim(),
      kind: 'environment',
    })
  }
  return stdout.trim()
}

/** Seconds that an engine has for what takes it no time, before nobody waits for it any more. */
export const patience = 60

/** Ends a command of an engine that does not answer. */
export const inTime = (): AbortSignal => AbortSignal.timeout(patience * 1000)

function start(args: readonly string[], cwd: string): ChildProcess {
  // A group of its own: Ctrl-C in a terminal is ours to hear, and then we end containers in order.
  return spawn('docker', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
}

/** Also what it has started: `docker compose` is a program of its own. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // It has ended meanwhile.
  }
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' ? noDocker() : error)
    })
    child.on('close', (code) => resolve(code ?? 1))
  })
}

function noDocker(): UserError {
  return new UserError({
    message: 'there is no docker command here',
    hint: 'Install Docker, or put it on the PATH.',
    kind: 'environment',
  })
}
