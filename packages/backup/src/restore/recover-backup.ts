import { UserError } from '@erlmcp/core'
import type { Deployment } from '@erlmcp/docker'
import { docker, listContainers } from '@erlmcp/docker'
import { type Contents, readContents } from '../contents.ts'
import { createProgress, type Progress } from '../progress.ts'
import {
  findToolsImage,
  lockContainerName,
  startVolumeContainer,
  type VolumeContainer,
} from '../volume/volume-container.ts'
import { dropJournal, findJournal, type Journal } from './restore-journal.ts'
import { type DataLocations, dropReplaced, undoSwap } from './swap-data.ts'

/** What was done with a restore that was killed. */
export type RecoveryOutcome = 'nothing' | 'rolled back' | 'completed'

export interface RecoverOptions {
  /** Image with sh and GNU tar. Default: one of the deployment. */
  readonly tools?: string
  /** Receives each step. */
  readonly progress?: (message: string) => void
}

/**
 * Rolls back a restore that was killed, or completes it where all data was swapped in, and starts what
 * it had stopped. Each backup and restore begins with it.
 *
 * @throws UserError where a server does not answer; run it again then
 */
export async function recoverBackup(
  deployment: Deployment,
  { tools: wanted, progress = () => {} }: RecoverOptions = {},
): Promise<RecoveryOutcome> {
  const contents = await readContents(deployment)
  const tools = await findToolsImage(contents, wanted)
  const lock = await startVolumeContainer({
    image: tools,
    volumes: [],
    name: lockContainerName(contents.project),
  })
  try {
    return await recoverRestore(deployment, { contents, tools, progress: createProgress(progress) })
  } finally {
    await lock.end()
  }
}

export interface Recovery {
  readonly contents: Contents
  readonly tools: string
  readonly progress: Progress
}

/** The same, for a caller that holds the lock. */
export async function recoverRestore(
  { root }: Deployment,
  { contents, tools, progress }: Recovery,
): Promise<RecoveryOutcome> {
  const journal = findJournal(root, contents.project)
  if (journal === undefined) return 'nothing'
  progress.step('a restore was killed here')
  const volumes = restoredVolumes(journal)
  const volumeContainer = await startVolumeContainer({ image: tools, volumes })
  try {
    const at = locateData(contents, volumeContainer, volumes)
    if (journal.state === 'committed') await finish(root, journal, at, progress)
    else await rollBack(root, journal, at, progress)
    return journal.state === 'committed' ? 'completed' : 'rolled back'
  } finally {
    await volumeContainer.end()
  }
}

export async function finish(
  root: string,
  journal: Journal,
  at: DataLocations,
  progress: Progress,
): Promise<void> {
  await startStopped(journal)
  await dropReplaced(journal, at, progress.step)
  dropJournal(root, journal.project)
}

export async function rollBack(
  root: string,
  journal: Journal,
  at: DataLocations,
  progress: Progress,
): Promise<void> {
  // It may not be stopped yet, or have been started since.
  const stopped = await existingContainers(journal)
  if (stopped.length > 0) await docker(['stop', ...stopped], { label: 'stopping the application' })
  await undoSwap(journal, at, progress.step)
  await startStopped(journal)
  dropJournal(root, journal.project)
}

async function startStopped(journal: Journal): Promise<void> {
  const there = await existingContainers(journal)
  if (there.length > 0) await docker(['start', ...there], { label: 'starting the application' })
}

/** Compose recreates containers that were removed meanwhile. */
async function existingContainers({ stopped }: Journal): Promise<readonly string[]> {
  const ids = await listContainers([], { all: true })
  return stopped.filter((id) => ids.includes(id))
}

export const restoredVolumes = ({ redis, volumes }: Journal): readonly string[] => [
  ...redis.map(({ volume }) => volume),
  ...volumes,
]

export function locateData(
  { postgres, redis }: Contents,
  volumeContainer: VolumeContainer,
  volumes: readonly string[],
): DataLocations {
  const container = (list: Contents['postgres'], service: string): string => {
    const found = list.find((one) => one.service === service)
    if (found) return found.container
    throw new UserError({
      message: `${service}, which a restore has changed, has no container`,
      hint: `Start it: docker compose up --wait ${service}`,
      kind: 'environment',
    })
  }
  return {
    postgres: (service) => ({ service, container: container(postgres, service) }),
    redis: (service) => container(redis, service),
    volumeContainer: volumeContainer.container,
    folder: (volume) => volumeContainer.folder(volumes.indexOf(volume)),
  }
}
