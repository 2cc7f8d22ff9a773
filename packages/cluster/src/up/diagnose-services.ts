import {
  type Deployment,
  inspectContainers,
  listComposeContainers,
  runDocker,
} from '@erlmcp/docker'
import { findLikelyCause, type LikelyCause, type Symptoms } from './likely-cause.ts'

/** State of a service, and why it is not up. */
export interface ServiceDiagnosis {
  readonly service: string
  readonly ok: boolean
  /** Such as `running, unhealthy` or `exited (1)`. */
  readonly state: string
  /** Last output of a failing healthcheck. */
  readonly health?: string
  /** Last lines of the log, where it is not ok. */
  readonly logs?: readonly string[]
  readonly likely?: LikelyCause
}

interface Inspected {
  readonly Id: string
  readonly State: {
    readonly Status: string
    readonly ExitCode: number
    readonly OOMKilled: boolean
    readonly Error: string
    readonly Health?: {
      readonly Status: string
      readonly Log?: readonly { readonly Output: string }[] | null
    }
  }
  readonly RestartCount: number
  readonly Config: { readonly Healthcheck?: { readonly Test?: readonly string[] } }
  readonly HostConfig: { readonly Memory: number }
}

/**
 * Reads the state of the services of a compose file, with healthcheck output, log and likely cause for
 * those that are not up.
 *
 * @param reply output of `docker compose up`, for a service without a container
 * @throws EngineError where the engine does not answer
 */
export async function diagnoseServices(
  deployment: Deployment,
  services: readonly string[],
  reply = '',
): Promise<readonly ServiceDiagnosis[]> {
  const { root } = deployment
  const listed = await listComposeContainers(deployment)
  const ids = listed.map(({ ID }) => ID)
  const inspected = await inspectContainers<Inspected>(ids, { cwd: root, timeout: 60 })
  const found: ServiceDiagnosis[] = []
  for (const service of services) {
    const own = listed.filter((one) => one.Service === service).map(({ ID }) => ID)
    const containers = inspected.filter(({ Id }) => own.includes(Id))
    if (containers.length === 0) found.push(stateWithoutContainer(service, reply))
    for (const one of containers) found.push(await stateOf(service, one, root))
  }
  return found.sort((a, b) => (a.service < b.service ? -1 : 1))
}

function stateWithoutContainer(service: string, reply: string): ServiceDiagnosis {
  const last = reply.trim().split('\n').at(-1)?.trim()
  const likely =
    findLikelyCause({ ...nothing, error: reply }) ??
    (last ? { reason: last, hint: 'Fix that and run the command again.' } : undefined)
  return { service, ok: false, state: 'has no container', ...(likely && { likely }) }
}

const nothing: Symptoms = {
  ...{ state: '', exitCode: 0, outOfMemory: false, error: '', health: '', test: '' },
  ...{ healthOutput: '', logs: '', memory: 0 },
}

async function stateOf(
  service: string,
  { Id, State, Config, HostConfig }: Inspected,
  root: string,
): Promise<ServiceDiagnosis> {
  const health = State.Health?.Status ?? ''
  const ended = State.Status === 'exited'
  const state = ended
    ? `exited (${State.ExitCode})`
    : [State.Status, health].filter(Boolean).join(', ')
  // A job that has succeeded.
  const done = ended && State.ExitCode === 0
  const well = State.Status === 'running' && (health === '' || health === 'healthy')
  if (done || well) return { service, ok: true, state }
  const { stdout, stderr } = await runDocker(['logs', '--tail', '20', Id], {
    cwd: root,
    timeout: 30,
  })
  // The streams of a container have no common order.
  const logs = `${stdout}${stderr}`.trimEnd()
  const healthOutput = State.Health?.Log?.at(-1)?.Output.trim() ?? ''
  const listens = State.Status === 'running' ? await listeningPorts(Id, root) : undefined
  const likely = findLikelyCause({
    state: State.Status,
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
    error: State.Error,
    health,
    test: (Config.Healthcheck?.Test ?? []).join(' '),
    ...{ healthOutput, logs, memory: HostConfig.Memory },
    ...(listens && { listens }),
  })
  return {
    ...{ service, ok: false, state },
    ...(health !== '' && healthOutput !== '' && { health: healthOutput }),
    ...(logs !== '' && { logs: logs.split('\n').slice(-12) }),
    ...(likely && { likely }),
  }
}

/** Reads /proc, so that the image needs only cat. */
async function listeningPorts(id: string, root: string): Promise<readonly number[] | undefined> {
  const { stdout } = await runDocker(['exec', id, 'cat', '/proc/net/tcp', '/proc/net/tcp6'], {
    cwd: root,
    timeout: 15,
  })
  if (!stdout.includes('local_address')) return undefined
  const ports = [...stdout.matchAll(/^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A /gm)]
    // The resolver of the engine listens on 127.0.0.11.
    .filter(([, address]) => address !== '0B00007F')
    .map(([, , port]) => Number.parseInt(port!, 16))
  return [...new Set(ports)].sort((a, b) => a - b)
}

/** Formats the services that are not up for a terminal. */
export function describeFailures(states: readonly ServiceDiagnosis[]): string {
  return states
    .filter(({ ok }) => !ok)
    .map(({ service, state, likely, health, logs = [] }) =>
      [
        `${service}: ${state}`,
        ...(likely ? [`  likely: ${likely.reason}`, `  fix: ${likely.hint}`] : []),
        ...(health === undefined ? [] : ['  healthcheck:', ...indented(health.split('\n'))]),
        ...(logs.length === 0 ? [] : ['  log:', ...indented(logs)]),
      ].join('\n'),
    )
    .join('\n')
}

const indented = (lines: readonly string[]): readonly string[] =>
  lines.slice(-12).map((line) => `    ${line}`)
