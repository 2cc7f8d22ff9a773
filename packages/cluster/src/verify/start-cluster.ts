import { UserError } from '@erlmcp/core'
import {
  composeArgs,
  type Deployment,
  docker,
  lastLines,
  listComposeContainers,
  runDocker,
} from '@erlmcp/docker'
import type { Cluster } from '../cluster.ts'
import { describeFailures, diagnoseServices } from '../up/diagnose-services.ts'

/**
 * Builds and starts a cluster, and waits until every node is alive. `verifyCluster` checks the
 * connections.
 *
 * @param options.seconds time limit of the start, without the build. Default: 180
 * @throws UserError with the likely causes
 */
export async function startCluster(
  cluster: Cluster,
  deployment: Deployment,
  options: { readonly seconds?: number } = {},
): Promise<void> {
  const { seconds = 180 } = options
  const argv = composeArgs(deployment)
  const services = cluster.nodes.map(({ service }) => service)
  // All nodes have the same image.
  const { root } = deployment
  await docker([...argv, 'build', services[0]!], { cwd: root, timeout: 3600 })
  const wait = ['--wait', '--wait-timeout', String(seconds)]
  const up = [...argv, 'up', '--detach', '--no-build', ...wait, ...services]
  const { exitCode, stderr } = await runDocker(up, { cwd: root, timeout: seconds + 60 })
  if (exitCode === 0) return
  const states = await diagnoseServices(
    deployment,
    await startedServices(deployment, services),
    stderr,
  )
  throw new UserError({
    message: `the cluster ${cluster.name} did not start within ${seconds} s`,
    hint: describeFailures(states).replaceAll('\n', '\n  ') || lastLines(stderr),
    kind: 'environment',
  })
}

/** The nodes, and other services that were started for them. */
async function startedServices(
  deployment: Deployment,
  services: readonly string[],
): Promise<readonly string[]> {
  const started = (await listComposeContainers(deployment)).map(({ Service }) => Service)
  return [...new Set([...services, ...started])]
}
