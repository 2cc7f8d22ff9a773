import { setTimeout as sleep } from 'node:timers/promises'
import { composeProject, type Finished, must, run } from '@erlmcp/testkit'
import { cli } from './example.ts'

const file = 'docker-compose.cluster.yml'
// Any free port: two runs on one machine do not meet.
const env = {
  ERLMCP_PORT: '0',
  ERLMCP_TLS_PORT: '0',
  ERLMCP_HEALTH_PORT: '0',
  PROMETHEUS_PORT: '0',
}

interface Report {
  readonly ok: boolean
  readonly checks: readonly { check: string; node: string; ok: boolean; message: string }[]
}

/** What a cluster says to `erlmcp cluster verify` when all is well. */
export const green = { code: 0, ok: true, wrong: [] }

export type Cluster = ReturnType<typeof clusterIn>

/** The cluster in a copy of the reference deployment, through the command and from inside. */
export function clusterIn(folder: string) {
  const project = composeProject(folder, { file, env })

  const erlmcp = (...argv: string[]): Promise<Finished> =>
    run([process.execPath, cli, ...argv], { cwd: folder, env, timeout: 600_000 })
  const cluster = (verb: string, ...more: string[]) =>
    erlmcp('cluster', verb, '--project', project.name, ...more)
  const evaluate = async (service: string, code: string) =>
    (await project.exec(service, ['/opt/erlmcp/bin/ctl', 'eval', code])).stdout.trim()

  return {
    project,
    erlmcp,
    cluster,
    /** An expression in Erlang, in the node of a service. */
    evaluate,
    nodes: (service: string) => evaluate(service, 'lists:sort(nodes()).'),
    id: async (service: string) => (await project.inspect(service)).Id,
    async verify(...more: string[]) {
      const { code, stdout, stderr } = await cluster('verify', '--format=json', ...more)
      const { ok, checks } = JSON.parse(stdout || `{"error":${JSON.stringify(stderr)}}`) as Report
      return { code, ok, wrong: checks.filter((one) => !one.ok), checks }
    },
  }
}

const networks = ['erlmcp-cluster', 'edge', 'backend', 'monitoring']

/**
 * Takes a node out of every network for a minute, since names are found in each that two nodes
 * share, and puts it back.
 */
export async function cutOff(cluster: Cluster, service: string, meanwhile: () => Promise<void>) {
  const { project } = cluster
  const container = await cluster.id(service)
  const begin = Date.now()
  const each = (...argv: string[]) =>
    networks.map(
      (name) => ['docker', 'network', ...argv, `${project.name}_${name}`, container] as const,
    )
  for (const command of each('disconnect')) await must(command)
  await meanwhile()
  await sleep(Math.max(0, begin + 60_000 - Date.now()))
  const alias = ['--alias', `${service}.erlmcp.internal`, '--alias', service]
  for (const command of each('connect', ...alias)) await must(command)
}

/** Kills the emulator of a node, and waits until the engine has started its container again. */
export async function killEmulator({ project, evaluate }: Cluster, service: string) {
  const startedAt = async () =>
    (await project.inspect(service)).State as unknown as { StartedAt: string }
  const { StartedAt: before } = await startedAt()
  const pid = JSON.parse(await evaluate(service, 'os:getpid().')) as string
  await project.exec(service, ['sh', '-c', `kill -9 ${Number(pid)}`])
  await until(async () => (await startedAt()).StartedAt !== before)
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 50_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not become so within 50 s')
    await sleep(500)
  }
}
