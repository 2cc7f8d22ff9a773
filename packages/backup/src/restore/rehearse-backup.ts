import { randomBytes } from 'node:crypto'
import { UserError } from '@erlmcp/core'
import { docker } from '@erlmcp/docker'
import { compareFacts } from '../postgres/database-facts.ts'
import { readDefinition } from '../postgres/definition.ts'
import { databaseFacts, restoreDatabase } from '../postgres/restore-database.ts'
import { activateRoles, createRoles, missingRoles, readRoles } from '../postgres/roles.ts'
import { type PostgresServer, psql } from '../postgres/server.ts'
import { createProgress } from '../progress.ts'
import { compareKeys, loadRdb } from '../redis/load-snapshot.ts'
import type { BackupSet } from '../set/backup-set.ts'
import type { Manifest, SavedPostgres } from '../set/manifest.ts'
import { explainRefusal, openVerified, type VerifyOptions } from '../set/verify-backup.ts'
import { type AttachedContainer, startAttached } from '../volume/attached-container.ts'
import { treeFacts, unpackVolume } from '../volume/volume-archive.ts'
import { startVolumeContainer } from '../volume/volume-container.ts'

/** One part of a rehearsal, and how it differs from what was saved. */
export interface RehearsalCheck {
  /** Such as `postgres: erlmcp, 12 tables, 4096 rows`. */
  readonly message: string
  readonly problems: readonly string[]
}

export interface Rehearsal {
  readonly ok: boolean
  readonly checks: readonly RehearsalCheck[]
}

/**
 * Restores a set into temporary containers and volumes without a network, compares every row, key and
 * file with what was saved, and removes them. It needs the images of the set, and nothing of the
 * deployment. Its containers end with this process, even by SIGKILL.
 *
 * @throws UserError for anything but a set, and where an image of it is not on the engine
 */
export async function rehearseBackup(
  path: string,
  options: VerifyOptions = {},
): Promise<Rehearsal> {
  const progress = createProgress(options.progress ?? (() => {}))
  const { problems, set } = await openVerified(path, options)
  if (set === undefined || problems.length > 0) {
    return { ok: false, checks: [{ message: 'the set is intact', problems }] }
  }
  await validateImages(set.manifest)
  const checks: RehearsalCheck[] = [{ message: 'the set is intact', problems: [] }]
  for (const saved of set.manifest.postgres) {
    progress.step(`rehearsing ${saved.service}`)
    checks.push(...(await rehearsePostgres(set, saved)))
  }
  for (const saved of set.manifest.redis) {
    progress.step(`rehearsing ${saved.service}`)
    const { service, image, keys } = saved
    const count = Object.values(keys).reduce((sum, one) => sum + one, 0)
    const dump = await set.read(saved.dump)
    const found = await loadRdb({ image, service, dump }).catch(explainRefusal)
    const wrong = typeof found === 'string' ? [found] : compareKeys(saved, found)
    checks.push({ message: `${service}: ${count} keys`, problems: wrong })
  }
  progress.step('rehearsing the volumes')
  checks.push(...(await rehearseVolumes(set)))
  return { ok: checks.every((one) => one.problems.length === 0), checks }
}

async function validateImages({ postgres, redis, tools }: Manifest): Promise<void> {
  for (const image of new Set([...[...postgres, ...redis].map((one) => one.image), tools])) {
    await docker(['image', 'inspect', image], { label: `looking for ${image}` }).catch(() => {
      throw new UserError({
        message: `the image ${image} of the set is not on this engine`,
        hint: `Pull it first: docker pull ${image}`,
        kind: 'environment',
      })
    })
  }
}

async function rehearsePostgres(
  set: BackupSet,
  saved: SavedPostgres,
): Promise<readonly RehearsalCheck[]> {
  const { server, end } = await startPostgres(saved)
  try {
    const checks: RehearsalCheck[] = []
    const roles = await restoreRoles(server, set, saved).catch(explainRefusal)
    if (roles !== undefined) return [{ message: `${saved.service}: its roles`, problems: [roles] }]
    for (const [index, { name, definition, dump, ...facts }] of saved.databases.entries()) {
      const staged = `rehearsal_${index}`
      const rows = facts.tables.reduce((sum, one) => sum + one.rows, 0)
      const message = `${saved.service}: ${name}, ${facts.tables.length} tables, ${rows} rows`
      const problems = await readDefinition(await set.read(definition), `the definition of ${name}`)
        .then(async (made) => restoreDatabase(server, staged, made, await set.read(dump)))
        .then(async () => compareFacts(facts, await databaseFacts(server, staged)))
        .catch((error: unknown) => [explainRefusal(error)])
      checks.push({ message, problems })
    }
    return checks
  } finally {
    await end()
  }
}

async function restoreRoles(
  server: PostgresServer,
  set: BackupSet,
  { service, roles }: SavedPostgres,
): Promise<undefined> {
  const saved = await readRoles(await set.read(roles), `the roles of ${service}`)
  const missing = await missingRoles(server, saved)
  await createRoles(server, saved, missing)
  await psql(server, 'template1', activateRoles(saved, missing).join('\n'), [
    '--single-transaction',
  ])
}

const serve = `docker-entrypoint.sh postgres >/tmp/log 2>&1 &
server=$!
# The server of the initialization has no TCP: the first to answer is the real one.
until psql -h 127.0.0.1 -U "$POSTGRES_USER" -d template1 -tAc 'select 1' >/dev/null 2>&1; do
  kill -0 "$server" 2>/dev/null || { tail -n 5 /tmp/log >&2; exit 1; }
  sleep 0.2
done
echo ready
cat >/dev/null
kill -QUIT "$server"
wait "$server"
exit 0
`

async function startPostgres({
  service,
  image,
  user,
}: SavedPostgres): Promise<AttachedContainer & { readonly server: PostgresServer }> {
  const container = `erlmcp-rehearsal-${randomBytes(6).toString('hex')}`
  const { end } = await startAttached({
    ...{ name: container, image, script: serve },
    options: [
      ...['--env', `POSTGRES_USER=${user}`, '--env', 'POSTGRES_DB=postgres'],
      // Without a network only processes of the container can connect.
      ...['--env', 'POSTGRES_HOST_AUTH_METHOD=trust', '--shm-size', '128m'],
    ],
    explain: (stderr) =>
      new UserError({
        message: `cannot start PostgreSQL of ${image} for the rehearsal`,
        hint: stderr || 'Check the engine with `docker info`.',
        kind: 'environment',
      }),
  })
  return { server: { service, container }, end }
}

async function rehearseVolumes(set: BackupSet): Promise<readonly RehearsalCheck[]> {
  const { tools, volumes } = set.manifest
  if (volumes.length === 0) return []
  const volumeContainer = await startVolumeContainer({
    image: tools,
    volumes: volumes.map(() => undefined),
  })
  try {
    const checks: RehearsalCheck[] = []
    for (const [index, { volume, archive, entries, digest }] of volumes.entries()) {
      const folder = `${volumeContainer.folder(index)}/new`
      const message = `the volume ${volume}`
      const problems = await unpackVolume(
        volumeContainer.container,
        folder,
        await set.read(archive),
        message,
      )
        .then(async () => {
          const found = await treeFacts(volumeContainer.container, folder, message)
          return found.digest === digest ? [] : ['other files than were saved']
        })
        .catch((error: unknown) => [explainRefusal(error)])
      checks.push({ message: `${volume}: ${entries} files and folders`, problems })
    }
    return checks
  } finally {
    await volumeContainer.end()
  }
}
