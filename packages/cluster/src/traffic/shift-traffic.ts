import { dirname, join } from 'node:path'
import type { Weights } from '@erlmcp/compose/services'
import { lock, UserError } from '@erlmcp/core'
import type { Deployment } from '@erlmcp/docker'
import {
  findProxy,
  inForce,
  type Running,
  ready,
  runningServices,
  start,
  statesOf,
  stop,
  take,
} from './proxy-control.ts'
import type { Traffic } from './traffic.ts'
import { liveText, readLive, writeLive } from './weights-file.ts'

/** One version, and what it gets. */
export interface VersionState {
  readonly name: string
  readonly service: string
  /** Percent of the requests, as the proxy has it. */
  readonly weight: number
  readonly running: boolean
  /** Whether the proxy finds it ready. */
  readonly ready: boolean
}

export interface TrafficReport {
  readonly ok: boolean
  /** What is so, or why not. */
  readonly message: string
  readonly traffic: string
  readonly pattern: Traffic['pattern']
  /** Service of the proxy. */
  readonly proxy: string
  /** Where the weights are: the file that was written last, or the stack. */
  readonly from: string
  readonly versions: readonly VersionState[]
}

export interface ShiftOptions {
  /** How long a version may take to get ready. Default: 60. */
  readonly seconds?: number
  /** Whether a version without requests is stopped. Default: it goes on, and is the way back. */
  readonly stop?: boolean
  /** Seconds that its last requests have before it is stopped. Default: 10. */
  readonly grace?: number
}

/**
 * What gets how much, as the proxy has it. It is a no where that is not what was written, and
 * where a version that gets requests is not ready.
 *
 * @throws UserError when the proxy does not run
 */
export async function showTraffic(
  traffic: Traffic,
  deployment: Deployment,
): Promise<TrafficReport> {
  const running = await findProxy(traffic, deployment)
  return reportOf(running, wantedBy(running))
}

/**
 * Gives all requests to one version, once it is ready, and says whether it is so.
 *
 * Starts its container where none runs. When it does not get ready, or the proxy does not take the
 * change, everything stays as it was and the report says why.
 *
 * @param to a version, or `back` for the one that is not live
 * @throws UserError for a version that there is not, when the proxy does not run, and while another
 *   such change is under way
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
    if (target !== undefined) return allTo(traffic, target.service.name)
    throw new UserError({
      message: `${traffic.name} has no version ${to}`,
      hint: `Its versions are ${traffic.versions.map(({ name }) => name).join(' and ')}.`,
    })
  })
}

/**
 * Gives a canary a share of the requests, once all that get some are ready.
 *
 * @param percent 0 to 100
 * @throws UserError for no percentage, when the proxy does not run, and while another such change is
 *   under way
 */
export async function weighTraffic(
  traffic: Traffic,
  deployment: Deployment,
  percent: number,
  options: ShiftOptions = {},
): Promise<TrafficReport> {
  if (!Number.isInteger(percent) || percent < 0 || percent > 100) {
    throw new UserError({
      message: `${percent} is no share of the requests`,
      hint: 'Say a whole number of percent, from 0 to 100.',
    })
  }
  const [stable, next] = traffic.versions
  return shift(traffic, deployment, options, () => ({
    [stable.service.name]: 100 - percent,
    [next.service.name]: percent,
  }))
}

const allTo = ({ versions }: Traffic, service: string): Weights =>
  Object.fromEntries(
    versions.map((one) => [one.service.name, one.service.name === service ? 100 : 0]),
  )

/** The weights that the proxy should have: those in the file, else those of the stack. */
function wantedBy({ traffic, deployment }: Running): Weights {
  return readLive(deployment.root, traffic) ?? initialOf(traffic)
}

const initialOf = ({ proxy }: Traffic): Weights =>
  Object.fromEntries(proxy.route.to.map(({ service, weight }) => [service.name, weight]))

/** One after the other: who waits would act on what is no longer so. */
async function shift(
  traffic: Traffic,
  deployment: Deployment,
  options: ShiftOptions,
  next: (now: Weights) => Weights,
): Promise<TrafficReport> {
  const running = await findProxy(traffic, deployment)
  const held = await lock(join(deployment.root, dirname(traffic.live)), 0)
  try {
    const weights = next(wantedBy(running))
    const why = await moved(running, weights, options)
    if (why !== undefined) {
      return { ...(await reportOf(running, wantedBy(running))), ok: false, message: why }
    }
    if (options.stop === true) await stopIdle(running, weights, options.grace ?? 10)
    return await reportOf(running, weights)
  } finally {
    held.release()
  }
}

/** The change itself; returns why it was not made. */
async function moved(
  running: Running,
  weights: Weights,
  { seconds = 60 }: ShiftOptions,
): Promise<string | undefined> {
  const { traffic, deployment } = running
  const targets = traffic.versions.filter(({ service }) => (weights[service.name] ?? 0) > 0)
  const why = (await start(running, targets)) ?? (await ready(running, targets, seconds))
  if (why !== undefined) return `nothing was changed: ${why}`
  const before = liveText(deployment.root, traffic)
  const old = wantedBy(running)
  // First the file: whatever ends this run now, the next one or a start of the proxy completes it.
  writeLive(deployment.root, traffic, traffic.proxy.live.print(weights))
  if (await take(running, weights)) return undefined
  writeLive(deployment.root, traffic, before)
  const back = await take(running, old)
  const now = back ? 'it goes on as before' : 'and does not answer: look at its log'
  return `${traffic.proxy.name} does not take the change; ${now}`
}

async function stopIdle(running: Running, weights: Weights, grace: number): Promise<void> {
  const runs = await runningServices(running.deployment)
  for (const version of running.traffic.versions) {
    const { name } = version.service
    if (weights[name] === 0 && runs.has(name)) await stop(running, version, grace)
  }
}

async function reportOf(running: Running, wanted: Weights): Promise<TrafficReport> {
  const { traffic, deployment } = running
  const states = await statesOf(running)
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
  const from = liveText(deployment.root, traffic) === undefined ? 'the stack' : traffic.live
  const down = versions
    .filter((one) => one.weight > 0 && !(one.running && one.ready))
    .map(({ service }) => service)
  const violations = [
    states ? '' : `${traffic.proxy.name} does not answer`,
    states && !inForce(states, wanted) ? `what is in ${from} is not in force` : '',
    down.length > 0 ? `${down.join(' and ')} should get requests, and cannot` : '',
  ].filter(Boolean)
  return {
    ok: violations.length === 0,
    message: violations.join(', and ') || inWordsOf(versions),
    traffic: traffic.name,
    pattern: traffic.pattern,
    proxy: traffic.proxy.name,
    from,
    versions,
  }
}

function inWordsOf(versions: readonly VersionState[]): string {
  const all = versions.find(({ weight }) => weight === 100)
  if (all) return `${all.name} gets all requests`
  return versions.map(({ name, weight }) => `${name} gets ${weight} %`).join(', ')
}
