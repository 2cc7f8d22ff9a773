import { docker } from '@erlmcp/docker'
import { dropDatabases, swapDatabases, undoDatabases } from './postgres/restore-database.ts'
import { dropRoles } from './postgres/roles.ts'
import type { PostgresServer } from './postgres/server.ts'
import type { Journal } from './restore-journal.ts'
import { inVolume } from './volume-archive.ts'

/** The way from a name in the journal to what it names now. */
export interface Places {
  postgres(service: string): PostgresServer
  /** Id of the container of a Redis. */
  redis(service: string): string
  /** The container with the volumes, and where in it one is. */
  readonly helper: string
  folder(volume: string): string
}

/**
 * Puts all that was prepared in its place. The application does not run meanwhile.
 *
 * @param rolesOf statements that give the roles of a service what they had
 */
export async function swapAll(
  journal: Journal,
  at: Places,
  rolesOf: (service: string) => readonly string[],
  tell: Tell,
): Promise<void> {
  for (const { service, databases } of journal.postgres) {
    tell(`swapping the databases of ${service}`)
    await swapDatabases(at.postgres(service), databases, rolesOf(service))
  }
  for (const { service, volume } of journal.redis) {
    tell(`swapping the keys of ${service}`)
    await docker(['stop', at.redis(service)], { label: `stopping ${service}` })
    await inVolume('swap', at.helper, at.folder(volume))
    await startWell(at.redis(service), service)
  }
  for (const volume of journal.volumes) {
    tell(`swapping the volume ${volume}`)
    await inVolume('swap', at.helper, at.folder(volume), true)
  }
}

/** The way back, from wherever it came to. Twice is harmless. */
export async function undoAll(journal: Journal, at: Places, tell: Tell): Promise<void> {
  tell('putting everything back')
  for (const { service, databases, roles = [] } of journal.postgres) {
    await undoDatabases(at.postgres(service), databases)
    await dropRoles(at.postgres(service), roles)
  }
  for (const { service, volume } of journal.redis) {
    // What was only prepared needs no stop.
    if (journal.state === 'swapping') {
      await docker(['stop', at.redis(service)], { label: `stopping ${service}` })
    }
    await inVolume('undo', at.helper, at.folder(volume))
    if (journal.state === 'swapping') await startWell(at.redis(service), service)
  }
  for (const volume of journal.volumes) await inVolume('undo', at.helper, at.folder(volume))
}

/** Removes what was there before. Twice is harmless. */
export async function dropOld(journal: Journal, at: Places, tell: Tell): Promise<void> {
  tell('removing what was there before')
  for (const { service, databases } of journal.postgres) {
    await dropDatabases(
      at.postgres(service),
      databases.map(({ kept }) => kept),
    )
  }
  for (const volume of [...journal.redis.map((one) => one.volume), ...journal.volumes]) {
    await inVolume('drop', at.helper, at.folder(volume))
  }
}

type Tell = (message: string) => void

/** Starts a container, and waits until it is healthy where it can tell. */
export async function startWell(container: string, service: string): Promise<void> {
  await docker(['start', container], { label: `starting ${service}` })
  const format = '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}'
  for (let turn = 0; ; turn += 1) {
    const said = await docker(['inspect', '--format', format, container], {
      label: `asking ${service}`,
    })
    const state = said.trim()
    if (state === 'healthy' || state === 'running') return
    if (state !== 'starting' || turn === 600) {
      const logs = await docker(['logs', '--tail', '5', container], {
        label: `the log of ${service}`,
      })
      throw new Error(`${service} is ${state} after its start\n${logs}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
