import { docker } from '@erlmcp/docker'
import { dropDatabases, swapDatabases, undoDatabases } from '../postgres/restore-database.ts'
import { dropRoles } from '../postgres/roles.ts'
import type { PostgresServer } from '../postgres/server.ts'
import { runVolumeStep } from '../volume/volume-archive.ts'
import type { Journal } from './restore-journal.ts'

/** Resolves names of the journal. */
export interface DataLocations {
  postgres(service: string): PostgresServer
  /** Id of the container of a Redis. */
  redis(service: string): string
  /** The container with the volumes. */
  readonly volumeContainer: string
  folder(volume: string): string
}

/**
 * Swaps the restored data in. The application must be stopped.
 *
 * @param renderRoles renders the statements that activate the roles of a service
 */
export async function swapAll(
  journal: Journal,
  at: DataLocations,
  renderRoles: (service: string) => readonly string[],
  tell: Tell,
): Promise<void> {
  for (const { service, databases } of journal.postgres) {
    tell(`swapping the databases of ${service}`)
    await swapDatabases(at.postgres(service), databases, renderRoles(service))
  }
  for (const { service, volume } of journal.redis) {
    tell(`swapping the keys of ${service}`)
    await docker(['stop', at.redis(service)], { label: `stopping ${service}` })
    await runVolumeStep('swap', at.volumeContainer, at.folder(volume))
    await startHealthy(at.redis(service), service)
  }
  for (const volume of journal.volumes) {
    tell(`swapping the volume ${volume}`)
    await runVolumeStep('swap', at.volumeContainer, at.folder(volume), true)
  }
}

/** Undoes {@link swapAll} at any stage. It can be repeated. */
export async function undoSwap(journal: Journal, at: DataLocations, tell: Tell): Promise<void> {
  tell('rolling back')
  for (const { service, databases, roles = [] } of journal.postgres) {
    await undoDatabases(at.postgres(service), databases)
    await dropRoles(at.postgres(service), roles)
  }
  for (const { service, volume } of journal.redis) {
    // Before the swap nothing uses the restored keys.
    if (journal.state === 'swapping') {
      await docker(['stop', at.redis(service)], { label: `stopping ${service}` })
    }
    await runVolumeStep('undo', at.volumeContainer, at.folder(volume))
    if (journal.state === 'swapping') await startHealthy(at.redis(service), service)
  }
  for (const volume of journal.volumes)
    await runVolumeStep('undo', at.volumeContainer, at.folder(volume))
}

/** Removes the old data. It can be repeated. */
export async function dropReplaced(journal: Journal, at: DataLocations, tell: Tell): Promise<void> {
  tell('removing the old data')
  for (const { service, databases } of journal.postgres) {
    await dropDatabases(
      at.postgres(service),
      databases.map(({ kept }) => kept),
    )
  }
  for (const volume of [...journal.redis.map((one) => one.volume), ...journal.volumes]) {
    await runVolumeStep('drop', at.volumeContainer, at.folder(volume))
  }
}

type Tell = (message: string) => void

/** Starts a container, and waits until it is healthy where it has a healthcheck. */
async function startHealthy(container: string, service: string): Promise<void> {
  await docker(['start', container], { label: `starting ${service}` })
  const format = '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}'
  for (let turn = 0; ; turn += 1) {
    const reply = await docker(['inspect', '--format', format, container], {
      label: `inspecting ${service}`,
    })
    const state = reply.trim()
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
