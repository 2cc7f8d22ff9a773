import { join } from 'node:path'
import { UserError } from '@erlmcp/core'
import { type Deployment, whilePaused } from '@erlmcp/docker'
import { type Contents, readContents } from './contents.ts'
import { type BackupKey, validateKeyStrength } from './key/read-key.ts'
import { dumpPostgres } from './postgres/dump-postgres.ts'
import { createProgress, type Progress } from './progress.ts'
import { dumpRedis } from './redis/dump-redis.ts'
import { recoverRestore } from './restore/recover-backup.ts'
import { createSet, type SetWriter } from './set/backup-set.ts'
import type { Manifest, SavedPostgres, SavedRedis, SavedVolume } from './set/manifest.ts'
import { packVolume } from './volume/volume-archive.ts'
import {
  findToolsImage,
  lockContainerName,
  startVolumeContainer,
  type VolumeContainer,
} from './volume/volume-container.ts'
import { findWriters } from './writers.ts'

export interface BackupOptions {
  /** Directory of the sets. Default: `backups` of the deployment. */
  readonly to?: string
  /** Encrypts the set. Default: no encryption. */
  readonly key?: BackupKey
  /** Whether containers may write to a volume while it is read. Default: false, they are paused. */
  readonly live?: boolean
  /** Image with sh and GNU tar. Default: one of the deployment. */
  readonly tools?: string
  /** Receives each step. */
  readonly progress?: (message: string) => void
}

/** Result of a backup. */
export interface TakenBackup {
  /** Directory of the set. */
  readonly path: string
  readonly manifest: Manifest
  /** Containers that were paused while volumes were read, and for how long. */
  readonly paused: { readonly containers: readonly string[]; readonly milliseconds: number }
}

/**
 * Saves the databases and named volumes of a running deployment as one set, or not at all.
 *
 * @throws UserError where a part is missing, does not answer, or changes while it is read, and for a
 *   weak key
 * @example
 * const { path } = await createBackup({ root: '.', file: 'docker-compose.prod.yml' })
 */
export async function createBackup(
  deployment: Deployment,
  options: BackupOptions = {},
): Promise<TakenBackup> {
  const { to = join(deployment.root, 'backups'), key, live = false } = options
  const progress = createProgress(options.progress ?? (() => {}))
  if (key) validateKeyStrength(key)
  const contents = await readContents(deployment)
  const tools = await findToolsImage(contents, options.tools)
  const volumeContainer = await startVolumeContainer({
    image: tools,
    volumes: contents.volumes.map(({ name }) => name),
    readOnly: true,
    name: lockContainerName(contents.project),
  })
  try {
    await recoverRestore(deployment, { contents, tools, progress })
    validateRunning(await readContents(deployment))
    const taken = new Date()
    const set = await createSet(to, contents.project, taken, key)
    try {
      const { volumes, paused } = await saveVolumes(contents, volumeContainer, set, live, progress)
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
    await volumeContainer.end()
  }
}

export function validateRunning({ postgres, redis }: Contents): void {
  const stopped = [...postgres, ...redis].find(({ running }) => !running)
  if (stopped === undefined) return
  throw new UserError({
    message: `${stopped.service} is not running: its data cannot be read`,
    hint: `Start it: docker compose up --wait ${stopped.service}`,
    kind: 'environment',
  })
}

async function saveVolumes(
  { volumes, containers }: Contents,
  volumeContainer: VolumeContainer,
  set: SetWriter,
  live: boolean,
  progress: Progress,
): Promise<Pick<TakenBackup, 'paused'> & { readonly volumes: readonly SavedVolume[] }> {
  const writers = live ? [] : await findWriters(volumes.map(({ name }) => name))
  const began = Date.now()
  const saved = await whilePaused(writers, async () => {
    const made: SavedVolume[] = []
    for (const [index, { volume }] of volumes.entries()) {
      const message = `the volume ${volume}`
      const { facts, result } = await packVolume(
        volumeContainer.container,
        volumeContainer.folder(index),
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
