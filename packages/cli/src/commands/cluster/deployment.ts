import { type Cluster, isCluster } from '@erlmcp/cluster'
import { type ClusterReport, type Deployment, verifyCluster } from '@erlmcp/cluster/run'
import { printable, UserError } from '@erlmcp/core'
import type { Arguments } from '../../command-line/command.ts'
import { defined, format, out, project, seconds, text } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { type Output, printJson } from '../../output.ts'
import { withSlowNotice } from '../../report/progress.ts'
import { openProject } from '../../stack/project.ts'

/** Options that name a cluster and its deployment. */
export const clusterOptions = {
  name: text('NAME', 'the cluster, if the stack has several'),
  file: text('FILE', 'compose file', 'docker-compose.cluster.yml'),
  project,
  out,
}

export const verifyOptions = {
  ...clusterOptions,
  wait: seconds('how long nodes may take to connect to each other', 30),
  format,
}

interface ClusterDeployment {
  readonly cluster: Cluster
  readonly deployment: Deployment
}

/** Prints the checks of a running cluster, node by node. */
export async function verify(
  { cluster, deployment }: ClusterDeployment,
  { options: { wait, format } }: Arguments<typeof verifyOptions>,
  output: Output,
): Promise<number> {
  const report = await withSlowNotice(`checking ${cluster.name}`, output, () =>
    verifyCluster(cluster, deployment, { seconds: wait }),
  )
  if (format === 'json') printJson(output, { cluster: cluster.name, ...report })
  else printChecks(report, output)
  return report.ok ? exit.ok : exit.failed
}

function printChecks({ checks, ok }: ClusterReport, output: Output): void {
  for (const { ok: passed, message } of byNode(checks)) {
    output.out(printable(`${passed ? 'yes' : 'NO '}  ${message}\n`))
  }
  const failed = checks.filter((one) => !one.ok).length
  const all = `${checks.length} checks`
  if (ok) output.out(`erlmcp: all ${all} passed\n`)
  else output.err(`erlmcp: ${failed} of ${all} failed\n`)
}

/** By name, so that node 10 follows node 9; the checks of one node keep their order. */
function byNode(checks: ClusterReport['checks']): ClusterReport['checks'] {
  return checks.toSorted((a, b) => a.node.localeCompare(b.node, 'en', { numeric: true }))
}

/** @throws UserError unless the options name exactly one cluster of the stack */
export async function findCluster(
  args: Arguments<typeof clusterOptions>,
  output: Output,
): Promise<ClusterDeployment> {
  const { stack, root } = await openProject(args, output, {
    has: ({ sources }) => sources.some(isCluster),
  })
  const clusters = stack.sources.filter(isCluster)
  const { name, file, project } = args.options
  const matching = clusters.filter((one) => name === undefined || one.name === name)
  const [cluster] = matching
  if (cluster === undefined || matching.length > 1) {
    const names = clusters.map((one) => one.name).join(', ')
    throw new UserError({
      message: cluster
        ? `the stack has the clusters ${names}`
        : `the stack has no cluster${name === undefined ? '' : ` ${name}`}`,
      hint: names
        ? `Name one: --name ${clusters[0]!.name}.`
        : 'Make one with `cluster` of @erlmcp/cluster, and list it among the sources of the stack.',
    })
  }
  return { cluster, deployment: { root, file, ...defined({ project }) } }
}
