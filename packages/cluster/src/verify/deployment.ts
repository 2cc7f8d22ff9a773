import { UserError } from '@erlmcp/core'
import type { Cluster } from '../cluster.ts'
import { docker, lastLines, mustDocker } from '../docker.ts'
import { describeFailures, diagnose } from '../up/diagnose.ts'
import { composeOf, type Deployment } from './compose-file.ts'

export { composeOf, type Deployment } from './compose-file.ts'

/** A container as `docker compose ps` tells of it. */
export interface Container {
  readonly ID: string
  readonly Service: string
  readonly State: string
}

/**
 * Builds and starts the cluster, and waits until every node is alive. Whether they see each other
 * is {@link verifyCluster}'s to say.
 *
 * @param options.seconds how long the start may take, without the build. Default: 180
 * @throws UserError with what docker said, when it cannot
 */
export async function startCluster(
  cluster: Cluster,
  deployment: Deployment,
  options: { readonly seconds?: number } = {},
): Promise<void> {
  const { seconds = 180 } = options
  const argv = composeOf(deployment)
  const services = cluster.nodes.map(({ service }) => service)
  // All nodes are one image.
  const { root } = deployment
  await mustDocker([...argv, 'build', services[0]!], root, 3600)
  const wait = ['--wait', '--wait-timeout', String(seconds)]
  const up = [...argv, 'up', '--detach', '--no-build', ...wait, ...services]
  const { code, stderr } = await docker(up, root, seconds + 60)
  if (code === 0) return
  const states = await diagnose(deployment, await dependedOn(deployment, services), stderr)
  throw new UserError({
    message: `the cluster ${cluster.name} did not start within ${seconds} s`,
    hint: describeFailures(states).replaceAll('\n', '\n  ') || lastLines(stderr),
    kind: 'environment',
  })
}

/** The nodes, and every other service of the file that has a container because of them. */
async function dependedOn(
  deployment: Deployment,
  services: readonly string[],
): Promise<readonly string[]> {
  const started = (await containersOf(deployment)).map(({ Service }) => Service)
  return [...new Set([...services, ...started])]
}

/**
 * Stops and removes the containers and networks of the cluster's file.
 *
 * @param options.volumes whether its data goes too. Default: it stays
 */
export async function stopCluster(
  deployment: Deployment,
  options: { readonly volumes?: boolean } = {},
): Promise<void> {
  const all = options.volumes ? ['--volumes'] : []
  // Of every profile: what a person started besides would else stay, and hold the networks.
  const argv = [...composeOf(deployment), '--profile', '*', 'down', '--remove-orphans', ...all]
  await mustDocker(argv, deployment.root, 300)
}

/** Every container of the project, running or not. */
export async function containersOf(deployment: Deployment): Promise<readonly Container[]> {
  const argv = [...composeOf(deployment), 'ps', '--all', '--no-trunc', '--format', 'json']
  const said = await mustDocker(argv, deployment.root, 30)
  return said
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): Container => JSON.parse(line))
}
