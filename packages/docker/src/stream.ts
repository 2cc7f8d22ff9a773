import type { Readable } from 'node:stream'
import { findEngineError } from './engine-error.ts'
import { startDocker, writeInput } from './process.ts'
import { commandFailed, type RunOptions } from './run.ts'

export interface StreamOptions<Result> extends RunOptions {
  /** Names the command in an error, such as `pg_dump of shop`. */
  readonly label: string
  /** Reads the standard output as it comes. */
  consume(output: Readable): Promise<Result>
}

/**
 * Runs a docker command that must succeed, with a stream on either side.
 *
 * @returns what `consume` made of the output, once the command has succeeded
 * @throws what the input failed with; else UserError with the end of the standard error
 * @example
 * await streamDocker(['exec', id, 'cat', '/data/dump.rdb'], {
 *   label: 'reading the dump',
 *   consume: (output) => pipeline(output, createWriteStream('dump.rdb')),
 * })
 */
export async function streamDocker<Result>(
  args: readonly string[],
  options: StreamOptions<Result>,
): Promise<Result> {
  const { label, input = '', consume, ...rest } = options
  const command = startDocker(args, rest)
  const consumed = consume(command.stdout).then(
    (result) => ({ result }),
    (error: unknown) => {
      command.kill()
      return { error }
    },
  )
  const [exitCode, inputError, outcome] = await Promise.all([
    command.exit,
    writeInput(command, input),
    consumed,
  ])
  if (inputError) throw inputError
  if ('error' in outcome && exitCode !== 0 && !isCut(outcome.error)) throw outcome.error
  const { stderr } = command
  if (exitCode !== 0) throw findEngineError(args, stderr) ?? commandFailed(label, exitCode, stderr)
  if ('error' in outcome) throw outcome.error
  return outcome.result
}

/** Whether an output ended in the middle, because the command did. */
const isCut = (error: unknown): boolean =>
  ['ERR_STREAM_PREMATURE_CLOSE', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '') ||
  (error as Error).message === 'Unexpected end of data'

/** Reads a stream to its end, as text. */
export async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
