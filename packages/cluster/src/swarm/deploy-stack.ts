import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { UserError } from '@erlmcp/core'
import { lastLines, runDocker } from '@erlmcp/docker'
import { type ContentVersions, nameVersions, pruneVersions } from './content-versions.ts'
import { ensureImages } from './ensure-images.ts'
import {
  isSettled,
  type ServiceOutcome,
  summarize,
  type WaitOptions,
  waitForServices,
} from './service-outcome.ts'
import { readStates } from './service-state.ts'
import { readStackFile, type SwarmDeployment } from './stack-file.ts'
import { listSwarmNodes } from './swarm-nodes.ts'

export interface SwarmReport {
  readonly ok: boolean
  readonly services: readonly ServiceOutcome[]
  /** Secrets and configs of earlier versions that were removed. */
  readonly pruned: readonly string[]
}

export interface DeployOptions extends Pick<WaitOptions, 'seconds' | 'watch'> {
  /** Receives each step before services can be watched. */
  readonly tell?: (words: string) => void
}

/**
 * Deploys a stack file to a swarm and waits for the outcome: the tasks of each service must run, be
 * healthy, and stay so until their update can no longer fail.
 *
 * Before that, it validates that every node can get its images, and gives secrets and configs names that
 * change with their content. Afterwards it removes unused versions of them.
 *
 * @throws UserError where nothing was deployed: without a manager, and for an invalid file and a missing
 *   image or secret
 * @example
 * const { ok, services } = await deployStack({ root: '.', file: 'docker-compose.swarm.yml', stack: 'shop' })
 */
export async function deployStack(
  deployment: SwarmDeployment,
  options: DeployOptions = {},
): Promise<SwarmReport> {
  const { root } = deployment
  const nodes = await listSwarmNodes(root)
  const file = await readStackFile(deployment)
  const versions = await nameVersions(file, deployment)
  options.tell?.('looking for the images')
  const served = await ensureImages(file, nodes, root)
  options.tell?.(`deploying ${deployment.stack}`)
  await deploy(deployment, versions, served)
  const services = await waitForServices(deployment, options)
  const ok = services.every((one) => one.ok)
  return { ok, services, pruned: ok ? await pruneVersions(deployment) : [] }
}

async function deploy(
  { root, file, stack }: SwarmDeployment,
  versions: ContentVersions,
  served: boolean,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-swarm-'))
  try {
    const over = join(folder, 'versions.json')
    writeFileSync(over, JSON.stringify(versions))
    // Without a registry there is no digest to resolve.
    const registry = served ? ['--with-registry-auth'] : ['--resolve-image', 'never']
    const files = ['--compose-file', resolve(root, file), '--compose-file', over]
    const { exitCode, stderr, stdout } = await runDocker(
      ['stack', 'deploy', '--detach=true', ...registry, ...files, stack],
      { cwd: root, timeout: 300 },
    )
    if (exitCode === 0) return
    throw new UserError({
      message: `docker stack deploy of ${file} failed (exit ${exitCode})`,
      hint: lastLines(stderr || stdout),
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Reads the state of a stack, without waiting. */
export async function readStackStatus(deployment: SwarmDeployment): Promise<SwarmReport> {
  await listSwarmNodes(deployment.root)
  const services = (await readStates(deployment)).map((state): ServiceOutcome => {
    const ok = isSettled(state, true) === true
    const [failed] = state.failures.filter(({ current }) => current || !ok)
    const reason = ok || !failed ? undefined : `${failed.task}: ${failed.error}`
    return { ...state, ok, summary: summarize(state), ...(reason !== undefined && { reason }) }
  })
  return { ok: services.every((one) => one.ok), services, pruned: [] }
}

/**
 * Rolls services back to the state before their last update, and waits for the outcome.
 *
 * @param names of services, with or without the name of the stack. Default: all that can be rolled back
 * @throws UserError for an unknown service, and where none can be rolled back
 */
export async function rollBackStack(
  deployment: SwarmDeployment,
  names: readonly string[] = [],
  options: DeployOptions = {},
): Promise<SwarmReport> {
  const { root, stack } = deployment
  await listSwarmNodes(root)
  const states = await readStates(deployment)
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
      message: `${stuck?.name ?? `the stack ${stack}`} has no previous state to roll back to`,
      hint: 'Deploy another version: erlmcp swarm deploy',
    })
  }
  for (const { name } of chosen) {
    const { exitCode, stderr } = await runDocker(['service', 'rollback', '--detach', name], {
      cwd: root,
      timeout: 60,
    })
    if (exitCode === 0) continue
    throw new UserError({ message: `cannot roll back ${name}`, hint: lastLines(stderr) })
  }
  const services = await waitForServices(deployment, {
    ...options,
    rollback: true,
    services: chosen.map(({ name }) => name),
  })
  return { ok: services.every((one) => one.ok), services, pruned: [] }
}
