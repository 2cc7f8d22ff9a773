import { docker } from '@erlmcp/docker'
import type { BackupSet } from './backup-set.ts'
import { factsDiffer } from './postgres/database-facts.ts'
import { readDefinition } from './postgres/definition.ts'
import { databaseFacts, restoreDatabase, rowsThere } from './postgres/restore-database.ts'
import { createRoles, readRoles, type SavedRoles } from './postgres/roles.ts'
import { checkArchive, psql } from './postgres/server.ts'
import type { Progress } from './progress.ts'
import { hasKeys, placeOf } from './redis/dump-redis.ts'
import { keysDiffer, loadRdb } from './redis/load-snapshot.ts'
import type { Journal } from './restore-journal.ts'
import type { Target } from './restore-target.ts'
import type { Places } from './swap-data.ts'
import { reasonOf, refuseVersion } from './verify-backup.ts'
import { hasFiles, stagingName, treeFacts, unpack } from './volume-archive.ts'

export interface Preparation {
  readonly set: BackupSet
  readonly target: Target
  readonly at: Places
  readonly journal: Journal
  /** The roles of each server, by its service. */
  readonly roles: ReadonlyMap<string, SavedRoles>
  readonly progress: Progress
}

/**
 * The roles of a set.
 *
 * @throws Refused when they are not as a backup writes them
 */
export async function rolesOf(set: BackupSet): Promise<Preparation['roles']> {
  const found = new Map<string, SavedRoles>()
  for (const { service, roles } of set.manifest.postgres) {
    found.set(service, await readRoles(await set.read(roles), `the roles of ${service}`))
  }
  return found
}

/** What there is that a restore would replace, in words. */
export async function replacedBy({ target, at }: Preparation): Promise<readonly string[]> {
  const found: string[] = []
  for (const { saved, server } of target.postgres) {
    const rows = await rowsThere(at.postgres(server.service), saved.databases)
    if (rows > 0) found.push(`the databases of ${server.service}, with ${rows} rows`)
  }
  for (const { server } of target.redis) {
    if (await hasKeys(server)) found.push(`the keys of ${server.service}`)
  }
  for (const { volume } of target.volumes) {
    if (await hasFiles(at.helper, at.folder(volume.name)))
      found.push(`the files of ${volume.volume}`)
  }
  return found
}

/**
 * Makes everything beside what is there, and compares it with what was saved.
 *
 * @returns why the set is refused, or nothing
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
    refuseVersion(set, Math.floor(Number(version) / 10_000), service)
    const { databases: names, roles: missing = [] } = journal.postgres[index]!
    for (const { name, dump } of saved.databases) {
      progress.step(`reading the dump of ${name}`)
      const told = await checkArchive(server, await set.read(dump), name).catch(reasonOf)
      if (told !== undefined) return [told]
    }
    const refused = await createRoles(server, roles.get(service)!, missing).catch(reasonOf)
    if (refused !== undefined) return [refused]
    for (const [place, { name, definition, dump, ...facts }] of saved.databases.entries()) {
      const { staged } = names[place]!
      const told = await readDefinition(await set.read(definition), `the definition of ${name}`)
        .then(async (made) => {
          const content = progress.watch(`restoring ${name} of ${service}`, await set.read(dump))
          return restoreDatabase(server, staged, made, content)
        })
        .catch(reasonOf)
      if (told !== undefined) return [told]
      const found = await databaseFacts(server, staged)
      wrong.push(...factsDiffer(facts, found).map((one) => `${name} of ${service}: ${one}`))
    }
  }
  return wrong
}

async function prepareKeys({ set, target, at, progress }: Preparation): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const { saved, server } of target.redis) {
    const { service, image, data: volume } = server
    const place = await placeOf(server)
    const user = server.user || (await ownerOf(at, volume))
    const content = progress.watch(`restoring the keys of ${service}`, await set.read(saved.dump))
    const into = { volume, user, place }
    const found = await loadRdb({ image, service, dump: content, into }).catch(reasonOf)
    if (typeof found === 'string') return [found]
    wrong.push(...keysDiffer(saved, found).map((one) => `${service}: ${one}`))
  }
  return wrong
}

async function ownerOf(at: Places, volume: string): Promise<string> {
  const words = ['exec', at.helper, 'stat', '-c', '%u:%g', at.folder(volume)]
  return (await docker(words, { label: 'asking who owns a volume' })).trim()
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
    const told = await unpack(at.helper, folder, content, message).catch(reasonOf)
    if (told !== undefined) return [told]
    const { digest, entries } = await treeFacts(at.helper, folder, message)
    if (digest !== saved.digest) {
      wrong.push(`${message} has other files: ${entries} of ${saved.entries}, or not as they were`)
    }
  }
  return wrong
}
