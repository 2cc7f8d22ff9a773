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

/** Both versions and their proxy, as containers of an engine. */
export interface Running {
  readonly traffic: Traffic
  readonly deployment: Deployment
  /** Container of the proxy. */
  readonly proxy: string
}

/** Names of the services of which a container runs. */
export async function runningServices(deployment: Deployment): Promise<ReadonlySet<string>> {
  const containers = await listComposeContainers(deployment)
  return new Set(
    containers.filter(({ State }) => State === 'running').map(({ Service }) => Service),
  )
}

/**
 * The proxy that runs.
 *
 * @throws UserError of kind `environment` when it does not, or nothing was synthesized
 */
export async function findProxy(traffic: Traffic, deployment: Deployment): Promise<Running> {
  const { proxy } = traffic
  checkFolder(deployment.root, dirname(traffic.live))
  const containers = await listComposeContainers(deployment)
  const found = containers.filter((one) => one.Service === proxy.name && one.State === 'running')
  const [only] = found
  if (only !== undefined && found.length === 1) {
    return { traffic, deployment, proxy: only.ID }
  }
  throw new UserError({
    message:
      found.length === 0 ? `${proxy.name} does not run` : `${proxy.name} runs more than once`,
    hint: `Start it: docker compose -f ${deployment.file} up -d --wait ${proxy.name}`,
    kind: 'environment',
  })
}

function checkFolder(root: string, folder: string): void {
  const there = existsSync(join(root, folder))
  const open = there && (statSync(join(root, folder)).mode & 0o005) === 0o005
  if (open || (there && process.platform === 'win32')) return
  throw new UserError({
    message: there
      ? `the folder ${folder} is closed to the proxy, which runs as another user`
      : `there is no folder ${folder} for the weights`,
    hint: there ? `Open it: chmod o+rx ${folder}` : 'Run `erlmcp synth` first.',
    kind: 'environment',
  })
}

/** Runs a command in the container of the proxy. */
function within(running: Running, { argv, input }: ProxyCommand): Promise<DockerResult> {
  const { proxy, deployment } = running
  return runDocker(['exec', '-i', proxy, ...argv], {
    cwd: deployment.root,
    timeout: 15,
    ...(input !== undefined && { input }),
  })
}

/** What the proxy says that it does, or undefined when it does not answer. */
export async function statesOf(running: Running): Promise<readonly ServerState[] | undefined> {
  const { control } = running.traffic.proxy
  const { exitCode, stdout } = await within(running, control.ask)
  return exitCode === 0 ? control.states(stdout) : undefined
}

/** Whether the weights are in force. */
export function inForce(states: readonly ServerState[] | undefined, weights: Weights): boolean {
  return states?.every(({ server, weight }) => weight === weights[server]) ?? false
}

/** Makes the proxy take weights that are in its file, and says whether it did, within 10 seconds. */
export async function take(running: Running, weights: Weights): Promise<boolean> {
  const how = running.traffic.proxy.control.take(weights)
  const { root } = running.deployment
  // Whether it was heard is asked below.
  if ('signal' in how)
    await runDocker(['kill', '--signal', how.signal, running.proxy], { cwd: root, timeout: 15 })
  else await within(running, how)
  const deadline = Date.now() + 10_000
  for (;;) {
    if (inForce(await statesOf(running), weights)) return true
    if (Date.now() >= deadline) return false
    await sleep(100)
  }
}

/** Starts what does not run, as its container is; says what docker said when it cannot. */
export async function start(
  { deployment }: Running,
  versions: readonly Version[],
): Promise<string | undefined> {
  const runs = await runningServices(deployment)
  const missing = versions.map(({ service }) => service.name).filter((name) => !runs.has(name))
  if (missing.length === 0) return undefined
  const as = ['--detach', '--no-build', '--no-recreate', '--no-deps']
  const argv = [...composeArgs(deployment), 'up', ...as, ...missing]
  const { exitCode, stderr } = await runDocker(argv, { cwd: deployment.root, timeout: 120 })
  return exitCode === 0
    ? undefined
    : `${missing.join(', ')} cannot be started: ${lastLines(stderr)}`
}

/**
 * Waits until all of them say that they are ready, and the proxy sees it.
 *
 * @returns why not, when the time is over
 */
export async function ready(
  running: Running,
  versions: readonly Version[],
  seconds: number,
): Promise<string | undefined> {
  const deadline = Date.now() + seconds * 1000
  const { control } = running.traffic.proxy
  for (;;) {
    const states = await statesOf(running)
    const violations: string[] = []
    for (const { service } of versions) {
      // Asked too: what the proxy knows may be two seconds old.
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

/** Lets the requests end that a version works on, then stops it. */
export async function stop(running: Running, version: Version, grace: number): Promise<void> {
  const { deployment } = running
  const name = version.service.name
  const deadline = Date.now() + grace * 1000
  while (Date.now() < deadline) {
    const own = (await statesOf(running))?.find(({ server }) => server === name)
    if (own?.requests === 0) break
    await sleep(500)
  }
  await docker([...composeArgs(deployment), 'stop', name], { cwd: deployment.root, timeout: 300 })
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
