import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../model/dialect.ts'
import { eachService } from '../model/each-service.ts'

export const stackDependsOnMap: Rule<ComposeFile> = {
  id: 'compose/stack-depends-on-map',
  kind: 'invalid',
  summary: 'Conditions of dependencies in a stack',
  why: '`docker stack deploy` refuses the file: "depends_on must be a list".',
  hint: 'Remove `depends_on`: a swarm keeps no order.',
  references: ['docker stack config, schema 3.13'],
  appliesTo: ['swarm'],
  bad: swarm({
    services: {
      app: { image: 'app:1', depends_on: { db: { condition: 'service_healthy' } } },
      db: { image: 'postgres:17', healthcheck: { test: ['CMD', 'true'] } },
    },
  }),
  good: swarm({ services: { app: { image: 'app:1' }, db: { image: 'postgres:17' } } }),
  *check(document) {
    if (!isSwarm(document)) return
    for (const { name, service, path } of eachService(document.data)) {
      if (!service.depends_on || Array.isArray(service.depends_on)) continue
      yield {
        path: [...path, 'depends_on'],
        message: `${name} waits for conditions, which a stack refuses`,
      }
    }
  },
}
