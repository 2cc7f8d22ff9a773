import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { eachService } from '../../model/each-service.ts'

const volumes = [{ type: 'volume' as const, source: 'data', target: '/data' }]

export const swarmVolumeNotPinned: Rule<ComposeFile> = {
  id: 'compose/swarm-volume-not-pinned',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Local volume of a service that is not pinned to a node',
  why: 'A local volume does not follow its task: on another node the task starts with an empty one, and the data seems lost.',
  hint: "Pin the service to the node of the volume, `placement: { constraints: ['node.labels.data == true'] }`, or use a volume driver that every node reaches.",
  references: ['Docker "Volumes", swarm services', 'Compose Deploy spec, placement'],
  bad: swarm({ services: { db: { image: 'postgres:17', volumes } }, volumes: { data: {} } }),
  good: swarm({
    services: {
      db: {
        image: 'postgres:17',
        volumes,
        deploy: { placement: { constraints: ['node.labels.data == true'] } },
      },
    },
    volumes: { data: {} },
  }),
  ...onSwarm(function* (document) {
    const { data } = document
    for (const { name, service, mounts, path } of eachService(data)) {
      const { deploy } = service
      if (deploy?.mode === 'global' || (deploy?.placement?.constraints ?? []).length > 0) continue
      for (const { type, source } of mounts) {
        const volume = data.volumes?.[source]
        if (type !== 'volume' || !(source in (data.volumes ?? {}))) continue
        if (volume?.external || volume?.driver_opts) continue
        if (volume?.driver !== undefined && volume.driver !== 'local') continue
        yield { path, message: `${name} can run on any node, but ${source} stays on one` }
        break
      }
    }
  }),
}
