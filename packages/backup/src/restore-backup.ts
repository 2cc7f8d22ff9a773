import { randomBytes } from 'node:crypto'
import { isUserError, UserError } from '@erlmcp/core'
import type { Deployment } from '@erlmcp/docker'
import { docker, listContainers } from '@erlmcp/docker'
import { type Contents, contentsOf } from './contents.ts'
import { refuseStopped } from './create-backup.ts'
import { present } from './postgres/restore-database.ts'
import { activateRoles, missingRoles } from './postgres/roles.ts'
import { type Preparation, prepare, replacedBy, rolesOf } from './prepare-restore.ts'
import { progressTo } from './progress.ts'
import type { BackupKey } from './read-key.ts'
import { finish, placesOf, recoverRestore, takeBack, volumesOf } from './recover-backup.ts'
import { type Journal, writeJournal } from './restore-journal.ts'
import { type Target, targetOf } from './restore-target.ts'
import { type Places, swapAll } from './swap-data.ts'
import { reasonOf, verified } from './verify-backup.ts'
import { hasStaging } from './volume-archive.ts'
import { lockName, startHelper, toolsOf } from './volume-container.ts'
import { findWriters } from './writers.ts'

export interface RestoreOptions {
  /** Opens an encrypted set. With it, a set that it did not encrypt is refused. */
  readonly key?: BackupKey
  /** Whether data that is there may be replaced. Default: it may not. */
  readonly replace?: boolean
  /** The project of the set, where that is another one. */
  readonly from?: string
  /** An image with sh and GNU tar. Default: one of the deployment. */
  readonly tools?: string
  /** Told what is being done. */
  readonly progress?: (message: string) => void
}

/** What a restore came to. */
export type RestoreReport =
  | { readonly status: 'restored'; readonly replaced: readonly string[] }
  /** There is data, and `replace` was not said. Nothing was changed. */
  | { readonly status: 'unconfirmed'; readonly replaces: readonly string[] }
  /** The set is not as it was written, or what it gives is not what was saved. All is as before. */
  | { readonly status: 'refused'; readonly problems: readonly string[] }

/**
 * Gives a deployment that runs the data of a set. The set is verified to its end first; then all is
 * prepared beside what is there, compared with what was saved, and swapped in while the application
 * is stopped. What was there is removed when all of the new is in force.
 *
 * @throws UserError when something is not there or fails; all is as before then
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
  const progress = progressTo(options.progress ?? (() => {}))
  const { problems, set } = await verified(path, { ...(key && { key }), progress: progress.step })
  if (set === undefined || problems.length > 0) return { status: 'refused', problems }
  const contents = await contentsOf(deployment)
  const target = targetOf(set.manifest, contents, from)
  const tools = await toolsOf(contents, options.tools)
  const journal = await journalOf(path, contents, target)
  const volumes = volumesOf(journal)
  const helper = await startHelper({ image: tools, volumes, name: lockName(contents.project) })
  const at = placesOf(contents, helper, volumes)
  try {
    await recoverRestore(deployment, { contents, tools, progress })
    refuseStopped(await contentsOf(deployment))
    await refuseStaging(volumes, at)
    const roles = await rolesOf(set).catch(reasonOf)
    if (typeof roles === 'string') return { status: 'refused', problems: [roles] }
    const preparation: Preparation = { set, target, at, journal, roles, progress }
    const replaces = await replacedBy(preparation)
    if (replaces.length > 0 && !replace) return { status: 'unconfirmed', replaces }
    const planned: Journal = { ...journal, postgres: await existing(preparation) }
    return await carryOut(deployment.root, { ...preparation, journal: planned }, replaces)
  } finally {
    await helper.end()
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
      await takeBack(root, journal, at, progress)
      return { status: 'refused', problems: wrong }
    }
    journal = { ...journal, state: 'swapping', stopped: await runningBut(journal, preparation) }
    writeJournal(root, journal)
    progress.step('stopping the application')
    const { stopped } = journal
    if (stopped.length > 0)
      await docker(['stop', ...stopped], { label: 'stopping the application' })
    await swapAll(journal, at, activationOf(preparation), progress.step)
  } catch (error) {
    await takeBack(root, journal, at, progress).catch((another: unknown) => {
      throw halfWay(error, another)
    })
    throw error
  }
  // From here on there is no way back: this one rename decides.
  journal = { ...journal, state: 'committed' }
  writeJournal(root, journal)
  await finish(root, journal, at, progress)
  return { status: 'restored', replaced }
}

/** Roles get their password and memberships together with the databases, and not before. */
function activationOf({ journal, roles }: Preparation): (service: string) => readonly string[] {
  const missing = new Map(journal.postgres.map((one) => [one.service, one.roles ?? []]))
  return (service) => activateRoles(roles.get(service)!, missing.get(service)!)
}

/** Nothing is lost: the journal says how to go on. */
function halfWay(error: unknown, another: unknown): UserError {
  const message = isUserError(error) ? error.summary : (error as Error).message
  const why = isUserError(another)
    ? `${another.summary}: ${another.hint}`
    : (another as Error).message
  return new UserError({
    message: `${message}; and it could not be taken back: ${why}`,
    hint: 'What was there is still there. Run: erlmcp backup recover',
    kind: 'environment',
  })
}

/** What runs and may use the data: the project's own, and who else can write to its volumes. */
async function runningBut(
  journal: Journal,
  { target, at }: Preparation,
): Promise<readonly string[]> {
  const servers = [...target.postgres, ...target.redis].map(({ server }) => server.container)
  const needed = new Set([...servers, at.helper])
  const own = await listContainers([
    'status=running',
    `label=com.docker.compose.project=${journal.project}`,
  ])
  const others = await findWriters(volumesOf(journal))
  return [...new Set([...own, ...others])].filter((id) => !needed.has(id))
}

async function journalOf(path: string, contents: Contents, target: Target): Promise<Journal> {
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

async function refuseStaging(volumes: readonly string[], at: Places): Promise<void> {
  for (const volume of volumes) {
    if (!(await hasStaging(at.helper, at.folder(volume)))) continue
    throw new UserError({
      message: `the volume ${volume} has the rest of a restore from elsewhere: .erlmcp-restore`,
      hint: 'Run `erlmcp backup recover` in the folder where that restore ran; its journal is in .erlmcp.',
    })
  }
}
