import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { eachService } from '../../model/each-service.ts'

export const swarmDependsOnMap: Rule<ComposeFile> = {
  id: 'compose/swarm-depends-on-map',
  kind: 'invalid',
  summary: 'Dependency conditions in a stack',
  why: '`docker stack deploy` rejects the file: "depends_on must be a list".',
  hint: 'Remove `depends_on`: a swarm ignores the start order.',
  references: ['docker stack config, schema 3.13'],
  bad: swarm({
    services: {
      app: { image: 'app:1', depends_on: { db: { condition: 'service_healthy' } } },
      db: { image: 'postgres:17', healthcheck: { test: ['CMD', 'true'] } },
    },
  }),
  good: swarm({ services: { app: { image: 'app:1' }, db: { image: 'postgres:17' } } }),
  ...onSwarm(function* (document) {
    for (const { name, service, path } of eachService(document.data)) {
      if (!service.depends_on || Array.isArray(service.depends_on)) continue
      yield {
        path: [...path, 'depends_on'],
        message: `${name} has depends_on with conditions, which a stack rejects`,
      }
    }
  }),
}
