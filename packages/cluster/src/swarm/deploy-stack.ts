import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { UserError } from '@erlmcp/core'
import { lastLines, runDocker } from '@erlmcp/docker'
import { pruneVersions, type Versions, versionsOf } from './content-versions.ts'
import { ensureImages } from './ensure-images.ts'
import { judge, type SettleOptions, settled, type Verdict, wordsOf } from './service-outcome.ts'
import { statesOf } from './service-state.ts'
import { readStackFile, type SwarmDeployment } from './stack-file.ts'
import { nodesOf } from './swarm-nodes.ts'

export interface SwarmReport {
  readonly ok: boolean
  readonly services: readonly Verdict[]
  /** Secrets and configs of earlier versions that were removed. */
  readonly pruned: readonly string[]
}

export interface DeployOptions extends Pick<SettleOptions, 'seconds' | 'watch'> {
  /** Told what is being done before services can be watched. */
  readonly tell?: (words: string) => void
}

/**
 * Deploys a stack file to a swarm and waits for what becomes of it: no service is well before its tasks
 * run, are healthy, and the time in which an update can still fail is over.
 *
 * Before that, every node must be able to get the images; secrets and configs get names that change with
 * their content. Afterwards what nothing uses any more of them is removed.
 *
 * @throws UserError when nothing was deployed: no manager, a file that is refused, an image or a secret
 *   that is not there
 * @example
 * const { ok, services } = await deployStack({ root: '.', file: 'docker-compose.swarm.yml', stack: 'shop' })
 */
export async function deployStack(
  deployment: SwarmDeployment,
  options: DeployOptions = {},
): Promise<SwarmReport> {
  const { root } = deployment
  const nodes = await nodesOf(root)
  const file = await readStackFile(deployment)
  const versions = await versionsOf(file, deployment)
  options.tell?.('looking for the images')
  const served = await ensureImages(file, nodes, root)
  options.tell?.(`deploying ${deployment.stack}`)
  await deploy(deployment, versions, served)
  const services = await settled(deployment, options)
  const ok = services.every((one) => one.ok)
  return { ok, services, pruned: ok ? await pruneVersions(deployment) : [] }
}

async function deploy(
  { root, file, stack }: SwarmDeployment,
  versions: Versions,
  served: boolean,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-swarm-'))
  try {
    const over = join(folder, 'versions.json')
    writeFileSync(over, JSON.stringify(versions))
    // An image of no registry has no digest to be found out.
    const registry = served ? ['--with-registry-auth'] : ['--resolve-image', 'never']
    const files = ['--compose-file', resolve(root, file), '--compose-file', over]
    const { exitCode, stderr, stdout } = await runDocker(
      ['stack', 'deploy', '--detach=true', ...registry, ...files, stack],
      { cwd: root, timeout: 300 },
    )
    if (exitCode === 0) return
    throw new UserError({
      message: `docker stack deploy of ${file} ended with ${exitCode}`,
      hint: lastLines(stderr || stdout),
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What runs of a stack, without waiting for anything. */
export async function statusOfStack(deployment: SwarmDeployment): Promise<SwarmReport> {
  await nodesOf(deployment.root)
  const services = (await statesOf(deployment)).map((state): Verdict => {
    const ok = judge(state, true) === true
    const [failed] = state.failures.filter(({ current }) => current || !ok)
    const reason = ok || !failed ? undefined : `${failed.task}: ${failed.error}`
    return { ...state, ok, says: wordsOf(state), ...(reason !== undefined && { reason }) }
  })
  return { ok: services.every((one) => one.ok), services, pruned: [] }
}

/**
 * Takes services back to what they were before their last update, and waits until they are.
 *
 * @param names of services, with or without the name of the stack. Default: all that can go back
 * @throws UserError for a service that there is not, and when none can go back
 */
export async function rollBackStack(
  deployment: SwarmDeployment,
  names: readonly string[] = [],
  options: DeployOptions = {},
): Promise<SwarmReport> {
  const { root, stack } = deployment
  await nodesOf(root)
  const states = await statesOf(deployment)
  const wanted = names.map((name) => {
    const found = states.find((one) => one.name === name || one.name === `${stack}_${name}`)
    if (found) return found
    throw new UserError({
      message: `the stack ${stack} has no service ${name}`,
      hint: `It has ${states.map((one) => one.name).join(', ')}.`,
    })
  })
  const chosen = (wanted.length > 0 ? wanted : states).filter(({ canRollBack }) => canRollBack)
  const stuck = wanted.find(({ canRollBack }) => !canRollBack)
  if (stuck || chosen.length === 0) {
    throw new UserError({
      message: `${stuck?.name ?? `the stack ${stack}`} is as it was before its last update: there is nothing to go back to`,
      hint: 'Deploy the version that you want: erlmcp swarm deploy.',
    })
  }
  for (const { name } of chosen) {
    const { exitCode, stderr } = await runDocker(['service', 'rollback', '--detach', name], {
      cwd: root,
      timeout: 60,
    })
    if (exitCode === 0) continue
    throw new UserError({ message: `${name} was not rolled back`, hint: lastLines(stderr) })
  }
  const services = await settled(deployment, {
    ...options,
    rollback: true,
    services: chosen.map(({ name }) => name),
  })
  return { ok: services.every((one) => one.ok), services, pruned: [] }
}
