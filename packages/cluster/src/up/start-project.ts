import { UserError } from '@erlmcp/core'
import { composeArgs, type Deployment, docker, lastLines, runDocker } from '@erlmcp/docker'
import { diagnose, type ServiceState } from './diagnose-services.ts'

export interface UpOptions {
  /** How long the services may take to be healthy, in seconds, without the build. Default: 180. */
  readonly seconds?: number
  /** Whether images are built first. Default: true. */
  readonly build?: boolean
  /** Profiles of the compose file that are started too. Default: none. */
  readonly profiles?: readonly string[]
  /** Receives each step. */
  readonly progress?: (message: string) => void
}

/** What became of a deployment. */
export interface UpReport {
  readonly ok: boolean
  /** By name. */
  readonly services: readonly ServiceState[]
}

/**
 * Builds and starts a compose file, and waits until every service is up. For each that is not, the
 * report has what its healthcheck and log say, and the likely reason.
 *
 * @throws UserError when the engine does not answer, or the file cannot be read or built
 * @example
 * const { ok, services } = await startProject({ root: '.', file: 'compose.yaml' })
 */
export async function startProject(
  deployment: Deployment,
  options: UpOptions = {},
): Promise<UpReport> {
  const { seconds = 180, build = true, profiles = [], progress } = options
  const { root } = deployment
  const compose = [...composeArgs(deployment), ...profiles.flatMap((one) => ['--profile', one])]
  await docker(['version', '--format', '{{.Server.Version}}'], { cwd: root, timeout: 30 })
  const services = (await docker([...compose, 'config', '--services'], { cwd: root, timeout: 60 }))
    .split('\n')
    .filter(Boolean)
  if (build) {
    progress?.('building the images')
    await docker([...compose, 'build'], { cwd: root, timeout: 3600 })
  }
  progress?.('starting the services')
  const up = ['up', '--detach', '--no-build', '--wait', '--wait-timeout', String(seconds)]
  const deadline = Date.now() + seconds * 1000
  const { exitCode, stderr } = await runDocker([...compose, ...up], {
    cwd: root,
    timeout: seconds + 120,
  })
  const states = await settle(deadline, () => diagnose(deployment, services, stderr))
  const ok = states.every((one) => one.ok)
  // It ends with 1 for a job that has ended well, too.
  if (exitCode === 0 || states.length > 0) return { ok, services: states }
  throw new UserError({
    message: `docker compose up of ${deployment.file} failed`,
    hint: lastLines(stderr),
    kind: 'environment',
  })
}

/** Compose stops waiting at the first failure; the others may be about to come up, or to fail. */
async function settle(
  deadline: number,
  look: () => Promise<readonly ServiceState[]>,
): Promise<readonly ServiceState[]> {
  for (;;) {
    const states = await look()
    const starting = states.some(({ state }) => state.endsWith('starting'))
    if (!starting || Date.now() > deadline) return states
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

/**
 * Stops and removes the containers and networks of a compose file, of every profile.
 *
 * @param options.volumes whether its data goes too. Default: it stays
 * @param options.seconds how long a container may take to stop. Default: what the file says
 */
export async function stopProject(
  deployment: Deployment,
  options: { readonly volumes?: boolean; readonly seconds?: number } = {},
): Promise<void> {
  const { volumes = false, seconds } = options
  const words = [
    ...[...composeArgs(deployment), '--profile', '*', 'down', '--remove-orphans'],
    ...(volumes ? ['--volumes'] : []),
    ...(seconds === undefined ? [] : ['--timeout', String(seconds)]),
  ]
  await docker(words, { cwd: deployment.root, timeout: 600 })
}
