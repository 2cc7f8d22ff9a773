import type { Readable } from 'node:stream'
import { UserError } from '@erlmcp/core'
import { findEngineError } from './engine-error.ts'
import { type ProcessOptions, startDocker, writeInput } from './process.ts'

export interface RunOptions extends ProcessOptions {
  /** The standard input. Default: empty. */
  readonly input?: string | Readable
}

export interface DockerResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a docker command that may fail.
 *
 * @param options.onOutput receives the standard output as it comes; `stdout` is then empty
 * @throws EngineError where docker itself cannot work
 * @example
 * const { exitCode } = await runDocker(['image', 'inspect', 'redis:8'], { timeout: 30 })
 */
export async function runDocker(
  args: readonly string[],
  options: RunOptions & { readonly onOutput?: (chunk: Buffer) => void } = {},
): Promise<DockerResult> {
  const { input = '', onOutput, ...rest } = options
  const command = startDocker(args, rest)
  let stdout = ''
  if (onOutput) command.stdout.on('data', onOutput)
  else {
    command.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
  }
  const [exitCode, inputError] = await Promise.all([command.exit, writeInput(command, input)])
  if (inputError) throw inputError
  const { stderr } = command
  const engineError = exitCode === 0 ? undefined : findEngineError(args, stderr)
  if (engineError) throw engineError
  return { exitCode, stdout, stderr }
}

/**
 * Runs a docker command that must succeed.
 *
 * @param options.label names the command in an error. Default: the command itself
 * @returns its standard output
 * @throws UserError of kind `environment`, with the end of its standard error as hint
 * @example
 * const version = await docker(['version', '--format', '{{.Server.Version}}'])
 */
export async function docker(
  args: readonly string[],
  options: RunOptions & { readonly label?: string } = {},
): Promise<string> {
  const { label, ...rest } = options
  const { exitCode, stdout, stderr } = await runDocker(args, rest)
  if (exitCode !== 0)
    throw commandFailed(label ?? `docker ${args.join(' ')}`, exitCode, stderr || stdout)
  return stdout
}

export function commandFailed(label: string, exitCode: number, output: string): UserError {
  return new UserError({
    message: `${label} failed (exit ${exitCode})`,
    hint: lastLines(output) || 'Check the engine with `docker info`.',
    kind: 'environment',
  })
}

/** The end of what a command printed, indented for a hint. */
export function lastLines(text: string, count = 8): string {
  return text.trim().split('\n').slice(-count).join('\n  ')
}
