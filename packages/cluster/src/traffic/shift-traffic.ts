import { dirname, join } from 'node:path'
import type { Weights } from '@erlmcp/compose/services'
import { lock, UserError } from '@erlmcp/core'
import type { Deployment } from '@erlmcp/docker'
import {
  applyWeights,
  findProxy,
  isInForce,
  type RunningTraffic,
  readStates,
  ready,
  runningServices,
  start,
  stop,
} from './proxy-control.ts'
import type { Traffic } from './traffic.ts'
import { readWeights, readWeightsText, writeWeights } from './weights-file.ts'

/** State of one version. */
export interface VersionState {
  readonly name: string
  readonly service: string
  /** Percent of the requests, as the proxy has it. */
  readonly weight: number
  readonly running: boolean
  /** Whether it is ready for the proxy. */
  readonly ready: boolean
}

export interface TrafficReport {
  readonly ok: boolean
  /** The state, or why it is not as expected. */
  readonly message: string
  readonly traffic: string
  readonly pattern: Traffic['pattern']
  /** Service of the proxy. */
  readonly proxy: string
  /** Origin of the weights: the weights file, or the stack. */
  readonly from: string
  readonly versions: readonly VersionState[]
}

export interface ShiftOptions {
  /** Time limit for a version to become ready. Default: 60. */
  readonly seconds?: number
  /** Whether a version without requests is stopped. Default: false, for a fast way back. */
  readonly stop?: boolean
  /** Seconds to wait for its last requests. Default: 10. */
  readonly grace?: number
}

/**
 * Reads the shares from the proxy. Not `ok` where they differ from the weights file, and where a version
 * that gets requests is not ready.
 *
 * @throws UserError where the proxy is not running
 */
export async function showTraffic(
  traffic: Traffic,
  deployment: Deployment,
): Promise<TrafficReport> {
  const running = await findProxy(traffic, deployment)
  return createReport(running, targetWeights(running))
}

/**
 * Routes all requests to one version, once it is ready.
 *
 * Starts its container where it is not running. Where it does not become ready, or the proxy does not
 * apply the change, nothing changes, and the report tells why.
 *
 * @param to a version, or `back` for the one that is not live
 * @throws UserError for an unknown version, where the proxy is not running, and during another change
 * @example
 * const { ok, message } = await switchTraffic(web, { root: '.', file: 'docker-compose.bluegreen.yml' }, 'green')
 */
export async function switchTraffic(
  traffic: Traffic,
  deployment: Deployment,
  to: string,
  options: ShiftOptions = {},
): Promise<TrafficReport> {
  return shift(traffic, deployment, options, (now) => {
    const [first, second] = traffic.versions
    const other = (now[first.service.name] ?? 0) > 0 ? second : first
    const target = to === 'back' ? other : traffic.versions.find(({ name }) => name === to)
    if (target !== undefined) return routeAllTo(traffic, target.service.name)
    throw new UserError({
      message: `${traffic.name} has no version ${to}`,
      hint: `Its versions are ${traffic.versions.map(({ name }) => name).join(' and ')}.`,
    })
  })
}

/**
 * Routes a share of the requests to the canary, once all versions with requests are ready.
 *
 * @param percent 0 to 100
 * @throws UserError for an invalid share, where the proxy is not running, and during another change
 */
export async function setTrafficWeight(
  traffic: Traffic,
  deployment: Deployment,
  percent: number,
  options: ShiftOptions = {},
): Promise<TrafficReport> {
  if (!Number.isInteger(percent) || percent < 0 || percent > 100) {
    throw new UserError({
      message: `invalid share ${percent}: expected an integer from 0 to 100`,
      hint: 'Give the percentage of the requests.',
    })
  }
  const [stable, next] = traffic.versions
  return shift(traffic, deployment, options, () => ({
    [stable.service.name]: 100 - percent,
    [next.service.name]: percent,
  }))
}

const routeAllTo = ({ versions }: Traffic, service: string): Weights =>
  Object.fromEntries(
    versions.map((one) => [one.service.name, one.service.name === service ? 100 : 0]),
  )

/** The weights that the proxy should apply: those of the file, or else of the stack. */
function targetWeights({ traffic, deployment }: RunningTraffic): Weights {
  return readWeights(deployment.root, traffic) ?? stackWeights(traffic)
}

const stackWeights = ({ proxy }: Traffic): Weights =>
  Object.fromEntries(proxy.route.to.map(({ service, weight }) => [service.name, weight]))

/** Rejects concurrent changes: one that waits would act on outdated state. */
async function shift(
  traffic: Traffic,
  deployment: Deployment,
  options: ShiftOptions,
  next: (now: Weights) => Weights,
): Promise<TrafficReport> {
  const running = await findProxy(traffic, deployment)
  const held = await lock(join(deployment.root, dirname(traffic.live)), 0)
  try {
    const weights = next(targetWeights(running))
    const why = await moved(running, weights, options)
    if (why !== undefined) {
      return { ...(await createReport(running, targetWeights(running))), ok: false, message: why }
    }
    if (options.stop === true) await stopIdle(running, weights, options.grace ?? 10)
    return await createReport(running, weights)
  } finally {
    held.release()
  }
}

/** Changes the weights. Returns why it failed. */
async function moved(
  running: RunningTraffic,
  weights: Weights,
  { seconds = 60 }: ShiftOptions,
): Promise<string | undefined> {
  const { traffic, deployment } = running
  const targets = traffic.versions.filter(({ service }) => (weights[service.name] ?? 0) > 0)
  const why = (await start(running, targets)) ?? (await ready(running, targets, seconds))
  if (why !== undefined) return `nothing was changed: ${why}`
  const before = readWeightsText(deployment.root, traffic)
  const old = targetWeights(running)
  // The file first: if this process is killed, the next run or a start of the proxy completes the change.
  writeWeights(deployment.root, traffic, traffic.proxy.live.print(weights))
  if (await applyWeights(running, weights)) return undefined
  writeWeights(deployment.root, traffic, before)
  const back = await applyWeights(running, old)
  const now = back ? 'it continues as before' : 'it does not answer: check its log'
  return `${traffic.proxy.name} does not apply the change; ${now}`
}

async function stopIdle(running: RunningTraffic, weights: Weights, grace: number): Promise<void> {
  const runs = await runningServices(running.deployment)
  for (const version of running.traffic.versions) {
    const { name } = version.service
    if (weights[name] === 0 && runs.has(name)) await stop(running, version, grace)
  }
}

async function createReport(running: RunningTraffic, wanted: Weights): Promise<TrafficReport> {
  const { traffic, deployment } = running
  const states = await readStates(running)
  const runs = await runningServices(deployment)
  const versions = traffic.versions.map(({ name, service }): VersionState => {
    const state = states?.find(({ server }) => server === service.name)
    return {
      name,
      service: service.name,
      weight: state?.weight ?? 0,
      running: runs.has(service.name),
      ready: state?.up ?? false,
    }
  })
  const from = readWeightsText(deployment.root, traffic) === undefined ? 'the stack' : traffic.live
  const down = versions
    .filter((one) => one.weight > 0 && !(one.running && one.ready))
    .map(({ service }) => service)
  const violations = [
    states ? '' : `${traffic.proxy.name} does not answer`,
    states && !isInForce(states, wanted) ? `the weights of ${from} are not applied` : '',
    down.length > 0 ? `${down.join(' and ')} should get requests, but is not ready` : '',
  ].filter(Boolean)
  return {
    ok: violations.length === 0,
    message: violations.join(', and ') || formatShares(versions),
    traffic: traffic.name,
    pattern: traffic.pattern,
    proxy: traffic.proxy.name,
    from,
    versions,
  }
}

function formatShares(versions: readonly VersionState[]): string {
  const all = versions.find(({ weight }) => weight === 100)
  if (all) return `${all.name} gets all requests`
  return versions.map(({ name, weight }) => `${name} gets ${weight} %`).join(', ')
}
