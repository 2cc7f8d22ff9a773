import { spawn } from 'node:child_process'
import { UserError } from '@erlmcp/core'
import { silentEngine } from './engine.ts'

export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * What a docker command says, whatever its exit code. One that takes longer than `seconds` is
 * ended, and has failed.
 *
 * @param input for its standard input. Default: there is nothing to read
 * @throws UserError when there is no docker command, or the engine does not answer it
 */
export function docker(
  args: readonly string[],
  cwd: string,
  seconds: number,
  input = '',
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] })
    // A child that is gone tells it by its exit code.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const said = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        said[stream] += text
      })
    }
    const timer = setTimeout(() => {
      said.stderr += `\nno answer within ${seconds} s`
      child.kill('SIGKILL')
      // What it started may hold the pipes open.
      for (const stream of [child.stdout, child.stderr]) stream.destroy()
    }, seconds * 1000)
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      reject(error.code === 'ENOENT' ? noDocker(cwd) : error)
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      const error = code === 0 ? undefined : silentEngine(said.stderr)
      if (error) reject(error)
      else resolve({ code: code ?? 1, ...said })
    })
  })
}

/** @throws UserError with what docker said, when its exit code is not 0 */
export async function mustDocker(
  args: readonly string[],
  cwd: string,
  seconds: number,
): Promise<string> {
  const { code, stdout, stderr } = await docker(args, cwd, seconds)
  if (code === 0) return stdout
  throw new UserError({
    message: `docker ${args.join(' ')} ended with ${code}`,
    hint: lastLines(stderr || stdout) || 'Is the engine running? `docker info` says.',
    kind: 'environment',
  })
}

/** Where the reason of a failure stands. */
export function lastLines(text: string): string {
  return text.trim().split('\n').slice(-8).join('\n  ')
}

function noDocker(cwd: string): UserError {
  return new UserError({
    message: `there is no docker command here, or no folder ${cwd}`,
    hint: 'Install Docker, or put it on the PATH.',
    kind: 'environment',
  })
}
