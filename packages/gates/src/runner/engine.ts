import { type DockerResult, EngineError, type RunOptions, runDocker } from '@erlmcp/docker'

/** Seconds that the engine has for a command that needs no time. */
export const engineTimeout = 60

/** Aborts a command of an engine that does not respond. */
export const shortTimeout = (): AbortSignal => AbortSignal.timeout(engineTimeout * 1000)

/**
 * Runs a docker command of a run. Ctrl-C in a terminal does not reach it: the run removes its
 * containers in order. An engine that is unreachable meanwhile fails the command, and so the gate.
 */
export async function tryDocker(
  args: readonly string[],
  options: RunOptions & { readonly onOutput?: (chunk: Buffer) => void },
): Promise<DockerResult> {
  try {
    return await runDocker(args, { detached: true, ...options })
  } catch (error) {
    if (!(error instanceof EngineError) || error.reason === 'command-missing') throw error
    return { exitCode: 1, stdout: '', stderr: error.hint }
  }
}
