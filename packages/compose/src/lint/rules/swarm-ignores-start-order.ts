import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isNoted, onSwarm, swarm } from '../../model/dialect.ts'
import { eachService } from '../../model/each-service.ts'

export const swarmIgnoresStartOrder: Rule<ComposeFile> = {
  id: 'compose/swarm-ignores-start-order',
  kind: 'breaks',
  severity: 'note',
  summary: 'Start order in a stack',
  why: 'All services start at once: one that exits because another is missing is restarted.',
  hint: 'Let the program wait for what it needs, and remove `depends_on`.',
  references: ['docker stack deploy'],
  bad: swarm({
    services: { app: { image: 'app:1', depends_on: ['db'] }, db: { image: 'postgres:17' } },
  }),
  good: swarm({ services: { app: { image: 'app:1' }, db: { image: 'postgres:17' } } }),
  ...onSwarm(function* (document) {
    for (const { name, service, path } of eachService(document.data)) {
      if (!Array.isArray(service.depends_on) || isNoted(document.data, name, 'depends_on')) continue
      yield {
        path: [...path, 'depends_on'],
        message: `a swarm ignores depends_on of ${name}`,
      }
    }
  }),
}
