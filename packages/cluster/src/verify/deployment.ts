import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '@erlmcp/core'
import type { Cluster } from '../cluster.ts'
import { docker, lastLines, mustDocker } from '../docker.ts'

/** Where a cluster runs. */
export interface Deployment {
  /** Project directory. */
  readonly root: string
  /** Compose file with the services of the cluster, relative to `root`. */
  readonly file: string
  /** Name of the compose project. Default: the file's own. */
  readonly project?: string
}

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
  const logs = await docker([...argv, 'logs', '--no-color', '--tail', '5', ...services], root, 30)
  throw new UserError({
    what: `the cluster ${cluster.name} did not start within ${seconds} s`,
    help: `${lastLines(stderr)}\n  ${lastLines(logs.stdout)}`,
    kind: 'environment',
  })
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

/** Words of a `docker compose` command for it. */
export function composeOf({ root, file, project }: Deployment): string[] {
  const path = resolve(root, file)
  if (!existsSync(path)) {
    throw new UserError({
      what: `there is no ${file}`,
      help: 'Run `erlmcp synth` first, or name the compose file with --file.',
      kind: 'environment',
    })
  }
  const named = project === undefined ? [] : ['--project-name', project]
  return ['compose', ...named, '--progress', 'quiet', '--file', path]
}
