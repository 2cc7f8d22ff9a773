import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ProxyCommand, ServerState, Weights } from '@erlmcp/compose/services'
import { UserError } from '@erlmcp/core'
import {
  composeArgs,
  type Deployment,
  type DockerResult,
  docker,
  lastLines,
  listComposeContainers,
  runDocker,
} from '@erlmcp/docker'
import type { Traffic, Version } from './traffic.ts'

/** The containers of both versions and their proxy. */
export interface RunningTraffic {
  readonly traffic: Traffic
  readonly deployment: Deployment
  /** Container of the proxy. */
  readonly proxy: string
}

/** Finds the services with a running container. */
export async function runningServices(deployment: Deployment): Promise<ReadonlySet<string>> {
  const containers = await listComposeContainers(deployment)
  return new Set(
    containers.filter(({ State }) => State === 'running').map(({ Service }) => Service),
  )
}

/**
 * Finds the running proxy.
 *
 * @throws UserError of kind `environment` where it is not running, or nothing was synthesized
 */
export async function findProxy(traffic: Traffic, deployment: Deployment): Promise<RunningTraffic> {
  const { proxy } = traffic
  validateFolder(deployment.root, dirname(traffic.live))
  const containers = await listComposeContainers(deployment)
  const found = containers.filter((one) => one.Service === proxy.name && one.State === 'running')
  const [only] = found
  if (only !== undefined && found.length === 1) {
    return { traffic, deployment, proxy: only.ID }
  }
  throw new UserError({
    message:
      found.length === 0
        ? `${proxy.name} is not running`
        : `${proxy.name} has more than one container`,
    hint: `Start it: docker compose -f ${deployment.file} up -d --wait ${proxy.name}`,
    kind: 'environment',
  })
}

function validateFolder(root: string, folder: string): void {
  const there = existsSync(join(root, folder))
  const open = there && (statSync(join(root, folder)).mode & 0o005) === 0o005
  if (open || (there && process.platform === 'win32')) return
  throw new UserError({
    message: there
      ? `the proxy, which runs as another user, cannot read the folder ${folder}`
      : `folder not found: ${folder}`,
    hint: there ? `Open it: chmod o+rx ${folder}` : 'Run `erlmcp synth` first.',
    kind: 'environment',
  })
}

/** Runs a command in the container of the proxy. */
function within(running: RunningTraffic, { argv, input }: ProxyCommand): Promise<DockerResult> {
  const { proxy, deployment } = running
  return runDocker(['exec', '-i', proxy, ...argv], {
    cwd: deployment.root,
    timeout: 15,
    ...(input !== undefined && { input }),
  })
}

/** Asks the proxy for its state; `undefined` where it does not answer. */
export async function readStates(
  running: RunningTraffic,
): Promise<readonly ServerState[] | undefined> {
  const { control } = running.traffic.proxy
  const { exitCode, stdout } = await within(running, control.ask)
  return exitCode === 0 ? control.states(stdout) : undefined
}

/** Whether the proxy applies the weights. */
export function isInForce(states: readonly ServerState[] | undefined, weights: Weights): boolean {
  return states?.every(({ server, weight }) => weight === weights[server]) ?? false
}

/** Has the proxy read the weights file, and returns whether it applies the weights within 10 seconds. */
export async function applyWeights(running: RunningTraffic, weights: Weights): Promise<boolean> {
  const action = running.traffic.proxy.control.take(weights)
  const { root } = running.deployment
  // The state below proves it.
  if ('signal' in action)
    await runDocker(['kill', '--signal', action.signal, running.proxy], { cwd: root, timeout: 15 })
  else await within(running, action)
  const deadline = Date.now() + 10_000
  for (;;) {
    if (isInForce(await readStates(running), weights)) return true
    if (Date.now() >= deadline) return false
    await sleep(100)
  }
}

/** Starts versions that are not running. Returns why it failed. */
export async function start(
  { deployment }: RunningTraffic,
  versions: readonly Version[],
): Promise<string | undefined> {
  const runs = await runningServices(deployment)
  const missing = versions.map(({ service }) => service.name).filter((name) => !runs.has(name))
  if (missing.length === 0) return undefined
  const as = ['--detach', '--no-build', '--no-recreate', '--no-deps']
  const argv = [...composeArgs(deployment), 'up', ...as, ...missing]
  const { exitCode, stderr } = await runDocker(argv, { cwd: deployment.root, timeout: 120 })
  return exitCode === 0 ? undefined : `cannot start ${missing.join(', ')}: ${lastLines(stderr)}`
}

/**
 * Waits until all versions are ready, and the proxy sees it.
 *
 * @returns why they are not, after the time limit
 */
export async function ready(
  running: RunningTraffic,
  versions: readonly Version[],
  seconds: number,
): Promise<string | undefined> {
  const deadline = Date.now() + seconds * 1000
  const { control } = running.traffic.proxy
  for (;;) {
    const states = await readStates(running)
    const violations: string[] = []
    for (const { service } of versions) {
      // The state of the proxy may be two seconds old.
      const { exitCode, stdout, stderr } = await within(running, control.ready(service.name))
      const up = states?.some((one) => one.server === service.name && one.up)
      if (exitCode !== 0)
        violations.push(`${service.name} is not ready (${lastLines(stdout + stderr)})`)
      else if (!up)
        violations.push(`${running.traffic.proxy.name} does not see ${service.name} ready`)
    }
    if (violations.length === 0) return undefined
    if (Date.now() >= deadline) return `within ${seconds} s ${violations.join(', and ')}`
    await sleep(500)
  }
}

/** Waits for the requests of a version to end, then stops it. */
export async function stop(
  running: RunningTraffic,
  version: Version,
  grace: number,
): Promise<void> {
  const { deployment } = running
  const name = version.service.name
  const deadline = Date.now() + grace * 1000
  while (Date.now() < deadline) {
    const own = (await readStates(running))?.find(({ server }) => server === name)
    if (own?.requests === 0) break
    await sleep(500)
  }
  await docker([...composeArgs(deployment), 'stop', name], { cwd: deployment.root, timeout: 300 })
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
