import { UserError } from '@erlmcp/core'
import { composeArgs, type Deployment, docker, lastLines, runDocker } from '@erlmcp/docker'
import { diagnoseServices, type ServiceDiagnosis } from './diagnose-services.ts'

export interface UpOptions {
  /** Seconds for the services to become healthy, without the build. Default: 180. */
  readonly seconds?: number
  /** Whether images are built first. Default: true. */
  readonly build?: boolean
  /** Profiles to start as well. Default: none. */
  readonly profiles?: readonly string[]
  /** Receives each step. */
  readonly progress?: (message: string) => void
}

/** Result of a start. */
export interface UpReport {
  readonly ok: boolean
  /** By name. */
  readonly services: readonly ServiceDiagnosis[]
}

/**
 * Builds and starts a compose file, and waits until every service is up. For each that is not, the
 * report has healthcheck output, log and the likely cause.
 *
 * @throws UserError where the engine does not answer, and for a file that is invalid or cannot be built
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
  const states = await waitForStart(deadline, () => diagnoseServices(deployment, services, stderr))
  const ok = states.every((one) => one.ok)
  // Compose exits 1 for a job that has succeeded, too.
  if (exitCode === 0 || states.length > 0) return { ok, services: states }
  throw new UserError({
    message: `docker compose up of ${deployment.file} failed`,
    hint: lastLines(stderr),
    kind: 'environment',
  })
}

/** Compose stops waiting at the first failure, while others are still starting. */
async function waitForStart(
  deadline: number,
  look: () => Promise<readonly ServiceDiagnosis[]>,
): Promise<readonly ServiceDiagnosis[]> {
  for (;;) {
    const states = await look()
    const starting = states.some(({ state }) => state.endsWith('starting'))
    if (!starting || Date.now() > deadline) return states
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

/**
 * Removes the containers and networks of a compose file, of every profile: other containers would keep
 * the networks in use.
 *
 * @param options.volumes whether its volumes are removed, too. Default: false
 * @param options.seconds time limit for a container to stop. Default: that of the file
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
