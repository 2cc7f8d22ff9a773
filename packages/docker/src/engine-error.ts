import { existsSync } from 'node:fs'
import { UserError } from '@erlmcp/core'

/** Why the docker command could not work, whatever it was asked. */
export type EngineFault = 'command-missing' | 'plugin-missing' | 'unreachable' | 'permission-denied'

/** The docker command could not work: nothing that it was asked is to blame. */
export class EngineError extends UserError {
  readonly reason: EngineFault
  constructor(reason: EngineFault, message: string, hint: string) {
    super({ message, hint, kind: 'environment' })
    this.reason = reason
  }
}

// Messages of the docker command and its plugins when the socket does not answer.
const unreachable =
  /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker api|error during connect|permission denied while trying to connect to the docker|dial unix \S+ (connect: )?(no such file|connection refused|permission denied)/i

/**
 * Finds in the standard error of a failed docker command why docker itself could not work.
 *
 * @returns undefined where the command failed for a reason of its own
 * @example findEngineError(['ps'], 'Cannot connect to the Docker daemon …')?.reason // 'unreachable'
 */
export function findEngineError(args: readonly string[], stderr: string): EngineError | undefined {
  const line = stderr.split('\n').find((one) => unreachable.test(one))
  if (line === undefined) return missingPlugin(args, stderr)
  // A query could hold a token of a proxy.
  const quoted = line.trim().replace(/\?[^"\s]+/, '')
  return /permission denied/i.test(line)
    ? new EngineError(
        'permission-denied',
        'this user may not access the Docker engine',
        `Run it as a user of the group docker, or as root.\n  ${quoted}`,
      )
    : new EngineError(
        'unreachable',
        'the Docker engine does not answer',
        `Start it, or select another with DOCKER_HOST or \`docker context use\`. Check it with \`docker info\`.\n  ${quoted}`,
      )
}

/** Without a plugin docker takes the plugin's flags for its own: `unknown flag: --progress`. */
function missingPlugin([plugin]: readonly string[], stderr: string): EngineError | undefined {
  if (plugin !== 'compose' && plugin !== 'buildx') return undefined
  const isUnknown =
    /is not a docker command|unknown command: docker (compose|buildx)/.test(stderr) ||
    (/unknown (shorthand )?flag/.test(stderr) && !/docker (compose|buildx)/.test(stderr))
  if (!isUnknown) return undefined
  const [name, page] =
    plugin === 'compose'
      ? ['Compose', 'https://docs.docker.com/compose/install/linux/']
      : ['Buildx', 'https://docs.docker.com/build/buildx/install/']
  return new EngineError(
    'plugin-missing',
    `docker has no ${plugin} command`,
    `Install the ${name} plugin: ${page}`,
  )
}

/** Explains why the docker command could not be started. */
export function explainStart(error: NodeJS.ErrnoException, cwd: string | undefined): Error {
  if (error.code !== 'ENOENT') return error
  if (cwd !== undefined && !existsSync(cwd)) {
    return new UserError({ message: `directory not found: ${cwd}`, hint: 'Name an existing one.' })
  }
  return new EngineError(
    'command-missing',
    'docker command not found',
    'Install Docker, or add it to the PATH.',
  )
}
