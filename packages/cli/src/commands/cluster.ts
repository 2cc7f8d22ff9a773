import { type Cluster, isCluster } from '@erlmcp/cluster'
import {
  type ClusterReport,
  type Deployment,
  startCluster,
  stopCluster,
  verifyCluster,
} from '@erlmcp/cluster/run'
import { UserError } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import { openProject } from '../project.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp cluster up`: builds and starts the nodes, and says whether they are a cluster. */
export async function clusterUp(given: Arguments, output: Output): Promise<number> {
  const { cluster, deployment } = await chosen(given, output)
  await patiently(`starting ${cluster.name}`, output, () => startCluster(cluster, deployment))
  return verified(cluster, deployment, given, output)
}

/** `erlmcp cluster verify`: says no unless every check of every node holds. */
export async function clusterVerify(given: Arguments, output: Output): Promise<number> {
  const { cluster, deployment } = await chosen(given, output)
  return verified(cluster, deployment, given, output)
}

/** `erlmcp cluster down`: stops and removes what the file has started. */
export async function clusterDown(given: Arguments, output: Output): Promise<number> {
  const { cluster, deployment } = await chosen(given, output)
  const volumes = given.options.volumes === true
  await patiently(`stopping ${cluster.name}`, output, () => stopCluster(deployment, { volumes }))
  return exit.ok
}

async function verified(
  cluster: Cluster,
  deployment: Deployment,
  given: Arguments,
  output: Output,
): Promise<number> {
  const seconds = secondsOf(given)
  const report = await patiently(`asking ${cluster.name}`, output, () =>
    verifyCluster(cluster, deployment, { seconds }),
  )
  if (wantsJson(given)) {
    output.out(`${JSON.stringify({ cluster: cluster.name, ...report }, null, 2)}\n`)
  } else {
    sayChecks(report, output)
  }
  return report.ok ? exit.ok : exit.no
}

/** Node by node in the order of their names, and what it comes to in the last line. */
function sayChecks({ checks, ok }: ClusterReport, output: Output): void {
  for (const { ok: good, message } of byNode(checks)) {
    output.out(printable(`${good ? 'yes' : 'NO '}  ${message}\n`))
  }
  const wrong = checks.filter((one) => !one.ok).length
  const all = `${checks.length} checks`
  if (ok) output.out(`erlmcp: all ${all} passed\n`)
  else output.err(`erlmcp: ${wrong} of ${all} failed\n`)
}

/** By name, so that node 10 comes behind node 9; of one node in the order of the checks. */
function byNode(checks: ClusterReport['checks']): ClusterReport['checks'] {
  return checks.toSorted((a, b) => a.node.localeCompare(b.node, 'en', { numeric: true }))
}

function secondsOf({ options: { wait = '30' } }: Arguments): number {
  if (typeof wait === 'string' && /^\d{1,4}$/.test(wait)) return Number(wait)
  throw new UserError({
    message: `--wait ${wait} is no number of seconds`,
    hint: 'Say how long the nodes may take to find each other, such as --wait 30.',
  })
}

async function chosen(
  given: Arguments,
  output: Output,
): Promise<{ readonly cluster: Cluster; readonly deployment: Deployment }> {
  const { stack, root } = await openProject(given, output, {
    has: ({ sources }) => sources.some(isCluster),
  })
  const clusters = stack.sources.filter(isCluster)
  const { name, file, project } = given.options
  const fitting = clusters.filter((one) => name === undefined || one.name === name)
  const [cluster] = fitting
  if (cluster === undefined || fitting.length > 1) {
    const names = clusters.map((one) => one.name).join(', ')
    throw new UserError({
      message: cluster
        ? `the stack has the clusters ${names}`
        : `the stack has no cluster${name === undefined ? '' : ` ${name}`}`,
      hint: names
        ? `Say which: --name ${clusters[0]!.name}.`
        : 'Make one with `cluster` of @erlmcp/cluster, and list it among the sources of the stack.',
    })
  }
  const deployment = {
    root,
    file: typeof file === 'string' ? file : 'docker-compose.cluster.yml',
    ...(typeof project === 'string' && { project }),
  }
  return { cluster, deployment }
}
