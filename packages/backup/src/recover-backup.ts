import { UserError } from '@erlmcp/core'
import type { Deployment } from '@erlmcp/docker'
import { docker, listContainers } from '@erlmcp/docker'
import { type Contents, contentsOf } from './contents.ts'
import { type Progress, progressTo } from './progress.ts'
import { findJournal, type Journal, removeJournal } from './restore-journal.ts'
import { dropOld, type Places, undoAll } from './swap-data.ts'
import { type Helper, lockName, startHelper, toolsOf } from './volume-container.ts'

/** What became of a restore that was killed. */
export type RecoveryOutcome = 'nothing' | 'taken back' | 'brought to its end'

export interface RecoverOptions {
  /** An image with sh and GNU tar. Default: one of the deployment. */
  readonly tools?: string
  /** Told what is being done. */
  readonly progress?: (message: string) => void
}

/**
 * Takes a restore back that was killed, or brings it to its end where all of it was in force, and
 * starts what it had stopped. Each backup and restore begins with it.
 *
 * @throws UserError when something does not answer; it can be run again then
 */
export async function recoverBackup(
  deployment: Deployment,
  { tools: wanted, progress = () => {} }: RecoverOptions = {},
): Promise<RecoveryOutcome> {
  const contents = await contentsOf(deployment)
  const tools = await toolsOf(contents, wanted)
  const lock = await startHelper({ image: tools, volumes: [], name: lockName(contents.project) })
  try {
    return await recoverRestore(deployment, { contents, tools, progress: progressTo(progress) })
  } finally {
    await lock.end()
  }
}

export interface Recovery {
  readonly contents: Contents
  readonly tools: string
  readonly progress: Progress
}

/** The same, for who is alone already. */
export async function recoverRestore(
  { root }: Deployment,
  { contents, tools, progress }: Recovery,
): Promise<RecoveryOutcome> {
  const journal = findJournal(root, contents.project)
  if (journal === undefined) return 'nothing'
  progress.step('a restore was killed here')
  const volumes = volumesOf(journal)
  const helper = await startHelper({ image: tools, volumes })
  try {
    const at = placesOf(contents, helper, volumes)
    if (journal.state === 'committed') await finish(root, journal, at, progress)
    else await takeBack(root, journal, at, progress)
    return journal.state === 'committed' ? 'brought to its end' : 'taken back'
  } finally {
    await helper.end()
  }
}

export async function finish(
  root: string,
  journal: Journal,
  at: Places,
  progress: Progress,
): Promise<void> {
  await startAll(journal)
  await dropOld(journal, at, progress.step)
  removeJournal(root, journal.project)
}

export async function takeBack(
  root: string,
  journal: Journal,
  at: Places,
  progress: Progress,
): Promise<void> {
  // The stop may have been under way, or somebody may have started it since.
  const stopped = await thereOf(journal)
  if (stopped.length > 0) await docker(['stop', ...stopped], { label: 'stopping the application' })
  await undoAll(journal, at, progress.step)
  await startAll(journal)
  removeJournal(root, journal.project)
}

async function startAll(journal: Journal): Promise<void> {
  const there = await thereOf(journal)
  if (there.length > 0) await docker(['start', ...there], { label: 'starting the application' })
}

/** One that was removed meanwhile is Compose's to make again. */
async function thereOf({ stopped }: Journal): Promise<readonly string[]> {
  const ids = await listContainers([], { all: true })
  return stopped.filter((id) => ids.includes(id))
}

export const volumesOf = ({ redis, volumes }: Journal): readonly string[] => [
  ...redis.map(({ volume }) => volume),
  ...volumes,
]

export function placesOf(
  { postgres, redis }: Contents,
  helper: Helper,
  volumes: readonly string[],
): Places {
  const container = (list: Contents['postgres'], service: string): string => {
    const found = list.find((one) => one.service === service)
    if (found) return found.container
    throw new UserError({
      message: `${service}, to which a restore was under way, has no container`,
      hint: `Start it: docker compose up --wait ${service}`,
      kind: 'environment',
    })
  }
  return {
    postgres: (service) => ({ service, container: container(postgres, service) }),
    redis: (service) => container(redis, service),
    helper: helper.container,
    folder: (volume) => helper.folder(volumes.indexOf(volume)),
  }
}
