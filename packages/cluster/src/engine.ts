import { UserError } from '@erlmcp/core'

/** What the docker command and its plugins say when nothing answers at the socket. */
const silent =
  /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker api|error during connect|permission denied while trying to connect to the docker|dial unix \S+ (connect: )?(no such file|connection refused|permission denied)/i

/** No engine answers; `denied` where one runs and this user may not talk to it. */
export class SilentEngine extends UserError {
  readonly denied: boolean
  constructor(denied: boolean, violation: ConstructorParameters<typeof UserError>[0]) {
    super(violation)
    this.denied = denied
  }
}

/**
 * An error that says that the engine does not answer, where that is why a docker command failed.
 *
 * @param said what the command printed to its standard error
 */
export function silentEngine(said: string): SilentEngine | undefined {
  const line = said.split('\n').find((one) => silent.test(one))
  if (line === undefined) return undefined
  const denied = /permission denied/i.test(line)
  return new SilentEngine(denied, {
    message: denied
      ? 'this user may not talk to the Docker engine'
      : 'the Docker engine does not answer',
    hint: `${
      denied
        ? 'Run it as a user of the group docker, or as root.'
        : 'Start it, or name another with DOCKER_HOST or `docker context use`. `docker info` says whether it answers.'
    }\n  ${line.trim().replace(/\?[^"\s]+/, '')}`,
    kind: 'environment',
  })
}
