import { join } from 'node:path'
import { UserError } from '@erlmcp/core'
import { type Deployment, whilePaused } from '@erlmcp/docker'
import { type NewSet, newSet } from './backup-set.ts'
import { type Contents, contentsOf } from './contents.ts'
import type { Manifest, SavedPostgres, SavedRedis, SavedVolume } from './manifest.ts'
import { dumpPostgres } from './postgres/dump-postgres.ts'
import { type Progress, progressTo } from './progress.ts'
import { type BackupKey, refuseWeakKey } from './read-key.ts'
import { recoverRestore } from './recover-backup.ts'
import { dumpRedis } from './redis/dump-redis.ts'
import { pack } from './volume-archive.ts'
import { type Helper, lockName, startHelper, toolsOf } from './volume-container.ts'
import { findWriters } from './writers.ts'

export interface BackupOptions {
  /** Folder for the sets. Default: `backups` of the deployment. */
  readonly to?: string
  /** Encrypts the set. Default: it is not encrypted. */
  readonly key?: BackupKey
  /** Whether containers go on writing to a volume while it is read. Default: they are held still. */
  readonly live?: boolean
  /** An image with sh and GNU tar. Default: one of the deployment. */
  readonly tools?: string
  /** Told what is being done. */
  readonly progress?: (message: string) => void
}

/** A backup that was taken. */
export interface TakenBackup {
  /** The folder of the set. */
  readonly path: string
  readonly manifest: Manifest
  /** Names of containers that were held still while their volumes were read, and for how long. */
  readonly paused: { readonly containers: readonly string[]; readonly milliseconds: number }
}

/**
 * Saves the databases and named volumes of a deployment that runs, as one set: all of it, or none.
 *
 * @throws UserError when something is not there, does not answer, or changes while it is read, and
 *   for a key that can be guessed
 * @example
 * const { path } = await createBackup({ root: '.', file: 'docker-compose.prod.yml' })
 */
export async function createBackup(
  deployment: Deployment,
  options: BackupOptions = {},
): Promise<TakenBackup> {
  const { to = join(deployment.root, 'backups'), key, live = false } = options
  const progress = progressTo(options.progress ?? (() => {}))
  if (key) refuseWeakKey(key)
  const contents = await contentsOf(deployment)
  const tools = await toolsOf(contents, options.tools)
  const helper = await startHelper({
    image: tools,
    volumes: contents.volumes.map(({ name }) => name),
    readOnly: true,
    name: lockName(contents.project),
  })
  try {
    await recoverRestore(deployment, { contents, tools, progress })
    refuseStopped(await contentsOf(deployment))
    const taken = new Date()
    const set = await newSet(to, contents.project, taken, key)
    try {
      const { volumes, paused } = await saveVolumes(contents, helper, set, live, progress)
      const postgres: SavedPostgres[] = []
      for (const one of contents.postgres) postgres.push(await dumpPostgres(one, set, progress))
      const redis: SavedRedis[] = []
      for (const one of contents.redis) redis.push(await dumpRedis(one, set, progress))
      const images = contents.containers.map(({ service, image, imageId }) => [
        service,
        { image, id: imageId },
      ])
      const manifest: Manifest = {
        format: 'erlmcp-backup',
        version: 1,
        project: contents.project,
        taken: taken.toISOString(),
        encrypted: key !== undefined,
        images: Object.fromEntries(images),
        tools,
        ...{ postgres, redis, volumes, omitted: contents.omitted },
      }
      await set.finish(manifest)
      return { path: set.path, manifest, paused }
    } catch (error) {
      await set.discard()
      throw error
    }
  } finally {
    await helper.end()
  }
}

export function refuseStopped({ postgres, redis }: Contents): void {
  const stopped = [...postgres, ...redis].find(({ running }) => !running)
  if (stopped === undefined) return
  throw new UserError({
    message: `${stopped.service} does not run, and only it can give its data`,
    hint: `Start it: docker compose up --wait ${stopped.service}`,
    kind: 'environment',
  })
}

async function saveVolumes(
  { volumes, containers }: Contents,
  helper: Helper,
  set: NewSet,
  live: boolean,
  progress: Progress,
): Promise<Pick<TakenBackup, 'paused'> & { readonly volumes: readonly SavedVolume[] }> {
  const writers = live ? [] : await findWriters(volumes.map(({ name }) => name))
  const began = Date.now()
  const saved = await whilePaused(writers, async () => {
    const made: SavedVolume[] = []
    for (const [index, { volume }] of volumes.entries()) {
      const message = `the volume ${volume}`
      const { facts, result } = await pack(
        helper.container,
        helper.folder(index),
        message,
        (archive) => set.part(`${volume}.tar.gz`, progress.watch(`reading ${message}`, archive)),
      )
      made.push({ volume, archive: result, ...facts })
    }
    return made
  })
  const name = (id: string) => containers.find((one) => one.id === id)?.name ?? id.slice(0, 12)
  return {
    volumes: saved,
    paused: {
      containers: writers.map(name),
      milliseconds: writers.length > 0 ? Date.now() - began : 0,
    },
  }
}
