import {
  type ComposeContainer,
  type Deployment,
  docker,
  lastLines,
  listComposeContainers,
  runDocker,
} from '@erlmcp/docker'
import type { Cluster, ClusterNode } from '../cluster.ts'
import { distributionPort } from '../node-service.ts'
import { parseAnswers, probe, questions } from './probe.ts'

/** Result of one check of one node. */
export interface ClusterCheck {
  /** `running`, `nodes`, `epmd`, `port`, `tls`, `foreign-ca`, `no-certificate` … */
  readonly check: string
  /** Its service. */
  readonly node: string
  readonly ok: boolean
  readonly message: string
}

export interface ClusterReport {
  readonly ok: boolean
  readonly checks: readonly ClusterCheck[]
}

/**
 * Verifies a running cluster: every node sees all others, no epmd runs, the distribution is not
 * published, uses only TLS 1.3, and rejects untrusted peers. A check without an answer has failed.
 *
 * @param options.seconds time limit for the nodes to connect. Default: 30
 * @throws UserError where docker fails
 * @example
 * const { ok, checks } = await verifyCluster(nodes, { root: '.', file: 'docker-compose.cluster.yml' })
 */
export async function verifyCluster(
  cluster: Cluster,
  deployment: Deployment,
  options: { readonly seconds?: number } = {},
): Promise<ClusterReport> {
  const deadline = Date.now() + (options.seconds ?? 30) * 1000
  const containers = await listComposeContainers(deployment)
  const { root } = deployment
  const judged = await Promise.all(
    cluster.nodes.map((node) => isSettled(cluster, node, containers, root, deadline)),
  )
  const checks = judged.flat()
  return { ok: checks.every(({ ok }) => ok), checks }
}

async function isSettled(
  cluster: Cluster,
  node: ClusterNode,
  containers: readonly ComposeContainer[],
  root: string,
  deadline: number,
): Promise<ClusterCheck[]> {
  const say = (check: string, ok: boolean, message: string): ClusterCheck => ({
    check,
    node: node.service,
    ok,
    message: `${node.service} ${message}`,
  })
  const own = containers.filter(({ Service }) => Service === node.service)
  const [container] = own
  if (!container) return [say('running', false, 'has no container')]
  if (own.length > 1) return [say('running', false, `has ${own.length} containers, expected one`)]
  if (container.State !== 'running') return [say('running', false, `is ${container.State}`)]
  const exec: Exec = (argv, seconds) =>
    runDocker(['exec', container.ID, ...argv], { cwd: root, timeout: seconds })
  const seen = await checkNodes(cluster, exec, deadline)
  return [
    say('running', true, 'runs'),
    say('nodes', seen.ok, seen.message),
    ...(await checkSockets(exec, say)),
    await published(container, root, say),
    ...(await checkUntrustedPeers(cluster, node, exec, say)),
  ]
}

type Exec = (argv: readonly string[], seconds: number) => ReturnType<typeof runDocker>
type Say = (check: string, ok: boolean, message: string) => ClusterCheck

/** Waits until the node sees all others, and no other node. */
async function checkNodes(
  { release, nodes }: Cluster,
  exec: Exec,
  deadline: number,
): Promise<{ readonly ok: boolean; readonly message: string }> {
  const ctl = [`/opt/${release}/bin/ctl`, 'eval', '[node() | nodes()].']
  const wanted = nodes.map(({ name }) => name)
  for (;;) {
    const { exitCode, stdout, stderr } = await exec(ctl, 15)
    const there = [...stdout.matchAll(/'([^']+)'/g)].map(([, name]) => name!)
    const missing = wanted.filter((name) => !there.includes(name))
    const strange = there.filter((name) => !wanted.includes(name))
    if (exitCode === 0 && missing.length === 0 && strange.length === 0) {
      return { ok: true, message: `sees all ${nodes.length} nodes` }
    }
    if (Date.now() >= deadline) {
      if (exitCode !== 0) return { ok: false, message: `does not answer: ${lastLines(stderr)}` }
      const words = [
        missing.length > 0 ? `does not see ${missing.join(', ')}` : '',
        strange.length > 0 ? `sees ${strange.join(', ')}, which is not of the cluster` : '',
      ]
      return { ok: false, message: words.filter(Boolean).join(', and ') }
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')
const epmdPort = 4369

/** Reads /proc, so that the image needs no tool. */
async function checkSockets(exec: Exec, say: Say): Promise<ClusterCheck[]> {
  const script = 'cat /proc/[0-9]*/comm; echo; cat /proc/net/tcp /proc/net/tcp6'
  const { stdout } = await exec(['sh', '-c', script], 15)
  const [names = '', table = ''] = stdout.split('\n\n')
  const runs = new Set(names.split('\n'))
  const listens = (port: number) => new RegExp(`:${hex(port)} \\S+ 0A `).test(table)
  if (!runs.has('beam.smp') || !listens(distributionPort)) {
    return [say('epmd', false, `has no emulator that listens on ${distributionPort}`)]
  }
  if (runs.has('epmd')) return [say('epmd', false, 'runs epmd')]
  if (listens(epmdPort)) return [say('epmd', false, `listens on ${epmdPort}, the port of epmd`)]
  return [say('epmd', true, 'does not run epmd')]
}

interface Inspection {
  readonly HostConfig: { readonly NetworkMode: string }
  readonly NetworkSettings: { readonly Ports?: Readonly<Record<string, unknown>> }
}

async function published({ ID }: ComposeContainer, root: string, say: Say): Promise<ClusterCheck> {
  const [found]: Inspection[] = JSON.parse(
    await docker(['inspect', ID], { cwd: root, timeout: 15 }),
  )
  if (found?.HostConfig.NetworkMode === 'host') {
    return say('port', false, 'uses the network of the host, where all its ports are open')
  }
  const ports = Object.entries(found?.NetworkSettings.Ports ?? {})
  const open = ports.some(
    ([port, where]) => port.startsWith(`${distributionPort}/`) && where !== null,
  )
  return say(
    'port',
    !open,
    open ? 'publishes its distribution' : 'does not publish its distribution',
  )
}

/** Each node is probed by the next one of the ring. */
async function checkUntrustedPeers(
  cluster: Cluster,
  node: ClusterNode,
  exec: Exec,
  say: Say,
): Promise<ClusterCheck[]> {
  const to = cluster.nodes[node.index % cluster.nodes.length]!
  const { stdout, stderr } = await exec(probe(cluster, node, to, distributionPort), 60)
  const answers = parseAnswers(stdout)
  return questions.map(({ check, asked, wanted, good, bad }) => {
    const answer = answers.get(asked)
    const ok = answer !== undefined && wanted.test(answer)
    const why = answer ?? `the probe on ${node.service} failed: ${lastLines(stderr) || 'no answer'}`
    return {
      ...say(check, ok, ''),
      node: to.service,
      message: `${to.service} ${ok ? good : `${bad} (${why})`}`,
    }
  })
}
