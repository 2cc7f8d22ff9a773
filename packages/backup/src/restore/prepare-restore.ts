import { docker } from '@erlmcp/docker'
import { compareFacts } from '../postgres/database-facts.ts'
import { readDefinition } from '../postgres/definition.ts'
import { countRows, databaseFacts, restoreDatabase } from '../postgres/restore-database.ts'
import { createRoles, readRoles, type SavedRoles } from '../postgres/roles.ts'
import { psql, validateArchive } from '../postgres/server.ts'
import type { Progress } from '../progress.ts'
import { hasKeys, readRedisFiles } from '../redis/dump-redis.ts'
import { compareKeys, loadRdb } from '../redis/load-snapshot.ts'
import type { BackupSet } from '../set/backup-set.ts'
import { explainRefusal, validateVersion } from '../set/verify-backup.ts'
import { hasFiles, stagingName, treeFacts, unpackVolume } from '../volume/volume-archive.ts'
import type { Journal } from './restore-journal.ts'
import type { RestoreTarget } from './restore-target.ts'
import type { DataLocations } from './swap-data.ts'

export interface Preparation {
  readonly set: BackupSet
  readonly target: RestoreTarget
  readonly at: DataLocations
  readonly journal: Journal
  /** The roles of each server, by its service. */
  readonly roles: ReadonlyMap<string, SavedRoles>
  readonly progress: Progress
}

/**
 * Reads the roles of all servers of a set.
 *
 * @throws SetRejected for anything but what a backup writes
 */
export async function readRolesOf(set: BackupSet): Promise<Preparation['roles']> {
  const found = new Map<string, SavedRoles>()
  for (const { service, roles } of set.manifest.postgres) {
    found.set(service, await readRoles(await set.read(roles), `the roles of ${service}`))
  }
  return found
}

/** Lists the data that a restore would replace. */
export async function findReplaced({ target, at }: Preparation): Promise<readonly string[]> {
  const found: string[] = []
  for (const { saved, server } of target.postgres) {
    const rows = await countRows(at.postgres(server.service), saved.databases)
    if (rows > 0) found.push(`the databases of ${server.service}, with ${rows} rows`)
  }
  for (const { server } of target.redis) {
    if (await hasKeys(server)) found.push(`the keys of ${server.service}`)
  }
  for (const { volume } of target.volumes) {
    if (await hasFiles(at.volumeContainer, at.folder(volume.name)))
      found.push(`the files of ${volume.volume}`)
  }
  return found
}

/**
 * Restores everything beside the existing data, and compares it with the facts of the set.
 *
 * @returns why the set is rejected; empty where it is intact
 */
export async function prepare(preparation: Preparation): Promise<readonly string[]> {
  const wrong = [...(await prepareDatabases(preparation))]
  if (wrong.length === 0) wrong.push(...(await prepareKeys(preparation)))
  if (wrong.length === 0) wrong.push(...(await prepareVolumes(preparation)))
  return wrong
}

async function prepareDatabases(preparation: Preparation): Promise<readonly string[]> {
  const { set, target, at, journal, roles, progress } = preparation
  const wrong: string[] = []
  for (const [
    index,
    {
      saved,
      server: { service },
    },
  ] of target.postgres.entries()) {
    const server = at.postgres(service)
    const version = await psql(server, 'template1', 'SHOW server_version_num;')
    validateVersion(set, Math.floor(Number(version) / 10_000), service)
    const { databases: names, roles: missing = [] } = journal.postgres[index]!
    for (const { name, dump } of saved.databases) {
      progress.step(`reading the dump of ${name}`)
      const told = await validateArchive(server, await set.read(dump), name).catch(explainRefusal)
      if (told !== undefined) return [told]
    }
    const refusal = await createRoles(server, roles.get(service)!, missing).catch(explainRefusal)
    if (refusal !== undefined) return [refusal]
    for (const [place, { name, definition, dump, ...facts }] of saved.databases.entries()) {
      const { staged } = names[place]!
      const told = await readDefinition(await set.read(definition), `the definition of ${name}`)
        .then(async (made) => {
          const content = progress.watch(`restoring ${name} of ${service}`, await set.read(dump))
          return restoreDatabase(server, staged, made, content)
        })
        .catch(explainRefusal)
      if (told !== undefined) return [told]
      const found = await databaseFacts(server, staged)
      wrong.push(...compareFacts(facts, found).map((one) => `${name} of ${service}: ${one}`))
    }
  }
  return wrong
}

async function prepareKeys({ set, target, at, progress }: Preparation): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const { saved, server } of target.redis) {
    const { service, image, data: volume } = server
    const place = await readRedisFiles(server)
    const user = server.user || (await readOwner(at, volume))
    const content = progress.watch(`restoring the keys of ${service}`, await set.read(saved.dump))
    const into = { volume, user, place }
    const found = await loadRdb({ image, service, dump: content, into }).catch(explainRefusal)
    if (typeof found === 'string') return [found]
    wrong.push(...compareKeys(saved, found).map((one) => `${service}: ${one}`))
  }
  return wrong
}

async function readOwner(at: DataLocations, volume: string): Promise<string> {
  const words = ['exec', at.volumeContainer, 'stat', '-c', '%u:%g', at.folder(volume)]
  return (await docker(words, { label: 'reading the owner of a volume' })).trim()
}

async function prepareVolumes({
  set,
  target,
  at,
  progress,
}: Preparation): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const { saved, volume } of target.volumes) {
    const folder = `${at.folder(volume.name)}/${stagingName}/new`
    const message = `the volume ${volume.volume}`
    const content = progress.watch(`restoring ${message}`, await set.read(saved.archive))
    const told = await unpackVolume(at.volumeContainer, folder, content, message).catch(
      explainRefusal,
    )
    if (told !== undefined) return [told]
    const { digest, entries } = await treeFacts(at.volumeContainer, folder, message)
    if (digest !== saved.digest) {
      wrong.push(
        `${message} has other files than were saved: ${entries} entries, expected ${saved.entries}`,
      )
    }
  }
  return wrong
}
