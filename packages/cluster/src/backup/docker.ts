import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { UserError } from '@erlmcp/core'
import { silentEngine } from '../engine.ts'

export interface Work<Result> {
  /** What it is, for the words of a failure: `pg_dump of shop`. */
  readonly message: string
  /** Comes to its standard input. Default: nothing. */
  readonly input?: Readable | string
  /** Takes its standard output, as it comes. */
  take(output: Readable): Promise<Result>
}

/**
 * Runs `docker` with a stream on either side. What it printed counts only when it ended well: the
 * result is given then, and not before.
 *
 * @throws what the input failed with; else a UserError with what docker said
 */
export async function stream<Result>(
  words: readonly string[],
  { message, input = '', take }: Work<Result>,
): Promise<Result> {
  const child = spawn('docker', words, { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000)
  })
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('error', ({ message }) => resolve(message))
    child.once('close', resolve)
  })
  const source = typeof input === 'string' ? Readable.from([Buffer.from(input)]) : input
  const given = pipeline(source, child.stdin).catch((error: NodeJS.ErrnoException) => {
    // Who reads no more tells why by the exit code.
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return undefined
    child.kill('SIGKILL')
    return error
  })
  const taken = take(child.stdout).then(
    (result) => ({ result }),
    (error: unknown) => {
      child.kill('SIGKILL')
      return { error }
    },
  )
  const [code, unread, answer] = await Promise.all([ended, given, taken])
  if (unread !== undefined) throw unread
  if ('error' in answer && code !== 0 && !isCut(answer.error)) throw answer.error
  if (code !== 0) throw failed(message, code, said)
  if ('error' in answer) throw answer.error
  return answer.result
}

/** An output that ends in the middle, because the command did. */
const isCut = (error: unknown): boolean =>
  ['ERR_STREAM_PREMATURE_CLOSE', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '') ||
  (error as Error).message === 'Unexpected end of data'

/** Runs `docker` to its end, and returns what it printed. */
export function docker(
  words: readonly string[],
  message: string,
  input?: Readable | string,
): Promise<string> {
  return stream(words, { message, ...(input !== undefined && { input }), take: text })
}

/** All of it as text. */
export async function text(output: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of output) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function failed(message: string, code: number | string | null, said: string): UserError {
  const silent = silentEngine(said)
  if (silent) return silent
  if (typeof code === 'string' && code.includes('ENOENT')) {
    return new UserError({
      message: 'there is no docker command here',
      hint: 'Install Docker, or put it on the PATH.',
      kind: 'environment',
    })
  }
  const reason = said.trim().split('\n').slice(-6).join('\n  ')
  return new UserError({
    message: `${message} failed${typeof code === 'number' ? ` with ${code}` : ''}`,
    hint:
      reason || (typeof code === 'string' ? code : 'Is the engine running? `docker info` says.'),
    kind: 'environment',
  })
}
