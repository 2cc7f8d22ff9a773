import { randomBytes } from 'node:crypto'
import { isUserError, UserError } from '@erlmcp/core'
import type { Deployment } from '@erlmcp/docker'
import { docker, listContainers } from '@erlmcp/docker'
import { type Contents, readContents } from '../contents.ts'
import { validateRunning } from '../create-backup.ts'
import type { BackupKey } from '../key/read-key.ts'
import { present } from '../postgres/restore-database.ts'
import { activateRoles, missingRoles } from '../postgres/roles.ts'
import { createProgress } from '../progress.ts'
import { explainRefusal, openVerified } from '../set/verify-backup.ts'
import { hasStaging } from '../volume/volume-archive.ts'
import {
  findToolsImage,
  lockContainerName,
  startVolumeContainer,
} from '../volume/volume-container.ts'
import { findWriters } from '../writers.ts'
import { findReplaced, type Preparation, prepare, readRolesOf } from './prepare-restore.ts'
import { finish, locateData, recoverRestore, restoredVolumes, rollBack } from './recover-backup.ts'
import { type Journal, writeJournal } from './restore-journal.ts'
import { matchTarget, type RestoreTarget } from './restore-target.ts'
import { type DataLocations, swapAll } from './swap-data.ts'

export interface RestoreOptions {
  /** Decrypts an encrypted set. Any other set is then rejected. */
  readonly key?: BackupKey
  /** Whether existing data may be replaced. Default: false. */
  readonly replace?: boolean
  /** Project of the set. Default: that of the deployment. */
  readonly from?: string
  /** Image with sh and GNU tar. Default: one of the deployment. */
  readonly tools?: string
  /** Receives each step. */
  readonly progress?: (message: string) => void
}

/** Result of a restore. */
export type RestoreReport =
  | { readonly status: 'restored'; readonly replaced: readonly string[] }
  /** There is data, and `replace` is not true. Nothing was changed. */
  | { readonly status: 'unconfirmed'; readonly replaces: readonly string[] }
  /** The set is damaged, or the restored data is not what was saved. Nothing was changed. */
  | { readonly status: 'refused'; readonly problems: readonly string[] }

/**
 * Restores a set into a running deployment. The whole set is verified first. Then everything is restored
 * beside the existing data, compared with what was saved, and swapped in while the application is
 * stopped. The old data is removed last.
 *
 * @throws UserError where a part is missing or fails; nothing is changed then
 * @example
 * const deployment = { root: '.', file: 'docker-compose.prod.yml' }
 * const { status } = await restoreBackup(deployment, 'backups/shop-prod-20261127T041500Z')
 */
export async function restoreBackup(
  deployment: Deployment,
  path: string,
  options: RestoreOptions = {},
): Promise<RestoreReport> {
  const { key, replace = false, from } = options
  const progress = createProgress(options.progress ?? (() => {}))
  const { problems, set } = await openVerified(path, {
    ...(key && { key }),
    progress: progress.step,
  })
  if (set === undefined || problems.length > 0) return { status: 'refused', problems }
  const contents = await readContents(deployment)
  const target = matchTarget(set.manifest, contents, from)
  const tools = await findToolsImage(contents, options.tools)
  const journal = await planJournal(path, contents, target)
  const volumes = restoredVolumes(journal)
  const volumeContainer = await startVolumeContainer({
    image: tools,
    volumes,
    name: lockContainerName(contents.project),
  })
  const at = locateData(contents, volumeContainer, volumes)
  try {
    await recoverRestore(deployment, { contents, tools, progress })
    validateRunning(await readContents(deployment))
    await validateNoStaging(volumes, at)
    const roles = await readRolesOf(set).catch(explainRefusal)
    if (typeof roles === 'string') return { status: 'refused', problems: [roles] }
    const preparation: Preparation = { set, target, at, journal, roles, progress }
    const replaces = await findReplaced(preparation)
    if (replaces.length > 0 && !replace) return { status: 'unconfirmed', replaces }
    const planned: Journal = { ...journal, postgres: await existing(preparation) }
    return await carryOut(deployment.root, { ...preparation, journal: planned }, replaces)
  } finally {
    await volumeContainer.end()
  }
}

async function carryOut(
  root: string,
  preparation: Preparation,
  replaced: readonly string[],
): Promise<RestoreReport> {
  const { at, progress } = preparation
  let { journal } = preparation
  writeJournal(root, journal)
  try {
    const wrong = await prepare(preparation)
    if (wrong.length > 0) {
      await rollBack(root, journal, at, progress)
      return { status: 'refused', problems: wrong }
    }
    journal = { ...journal, state: 'swapping', stopped: await findClients(journal, preparation) }
    writeJournal(root, journal)
    progress.step('stopping the application')
    const { stopped } = journal
    if (stopped.length > 0)
      await docker(['stop', ...stopped], { label: 'stopping the application' })
    await swapAll(journal, at, activationOf(preparation), progress.step)
  } catch (error) {
    await rollBack(root, journal, at, progress).catch((another: unknown) => {
      throw rollbackFailed(error, another)
    })
    throw error
  }
  // From here on the restore is completed, not rolled back: this rename decides.
  journal = { ...journal, state: 'committed' }
  writeJournal(root, journal)
  await finish(root, journal, at, progress)
  return { status: 'restored', replaced }
}

/** Roles get password and members in the transaction of the databases. */
function activationOf({ journal, roles }: Preparation): (service: string) => readonly string[] {
  const missing = new Map(journal.postgres.map((one) => [one.service, one.roles ?? []]))
  return (service) => activateRoles(roles.get(service)!, missing.get(service)!)
}

/** No data is lost: the journal tells how to recover. */
function rollbackFailed(error: unknown, another: unknown): UserError {
  const message = isUserError(error) ? error.summary : (error as Error).message
  const why = isUserError(another)
    ? `${another.summary}: ${another.hint}`
    : (another as Error).message
  return new UserError({
    message: `${message}; and the rollback failed: ${why}`,
    hint: 'The old data still exists. Run: erlmcp backup recover',
    kind: 'environment',
  })
}

/** Finds running containers that use the data: those of the project, and others that can write to its volumes. */
async function findClients(
  journal: Journal,
  { target, at }: Preparation,
): Promise<readonly string[]> {
  const servers = [...target.postgres, ...target.redis].map(({ server }) => server.container)
  const needed = new Set([...servers, at.volumeContainer])
  const own = await listContainers([
    'status=running',
    `label=com.docker.compose.project=${journal.project}`,
  ])
  const others = await findWriters(restoredVolumes(journal))
  return [...new Set([...own, ...others])].filter((id) => !needed.has(id))
}

async function planJournal(
  path: string,
  contents: Contents,
  target: RestoreTarget,
): Promise<Journal> {
  const id = randomBytes(6).toString('hex')
  let number = 0
  const renamed = (name: string) => {
    number += 1
    return {
      name,
      staged: `erlmcp_new_${id}_${number}`,
      kept: `erlmcp_kept_${id}_${number}`,
      existed: true,
    }
  }
  return {
    state: 'preparing',
    project: contents.project,
    set: path,
    stopped: [],
    postgres: target.postgres.map(({ saved, server }) => ({
      service: server.service,
      databases: saved.databases.map(({ name }) => renamed(name)),
    })),
    redis: target.redis.map(({ server }) => ({ service: server.service, volume: server.data })),
    volumes: target.volumes.map(({ volume }) => volume.name),
  }
}

async function existing({ journal, at, roles }: Preparation): Promise<Journal['postgres']> {
  return Promise.all(
    journal.postgres.map(async ({ service, databases }) => {
      const names = databases.map(({ name }) => name)
      const there = await present(at.postgres(service), names)
      return {
        service,
        roles: await missingRoles(at.postgres(service), roles.get(service)!),
        databases: databases.map((one) => ({ ...one, existed: there.has(one.name) })),
      }
    }),
  )
}

async function validateNoStaging(volumes: readonly string[], at: DataLocations): Promise<void> {
  for (const volume of volumes) {
    if (!(await hasStaging(at.volumeContainer, at.folder(volume)))) continue
    throw new UserError({
      message: `the volume ${volume} has .erlmcp-restore, of an unfinished restore that was run elsewhere`,
      hint: 'Run `erlmcp backup recover` in the directory of that restore; its journal is in .erlmcp.',
    })
  }
}
