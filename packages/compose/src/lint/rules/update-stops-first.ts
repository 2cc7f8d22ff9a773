import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { eachService } from '../../model/each-service.ts'
import { replicasOf } from '../../model/sizes.ts'

export const updateStopsFirst: Rule<ComposeFile> = {
  id: 'compose/update-stops-first',
  kind: 'breaks',
  severity: 'note',
  summary: 'Update that stops the old task first',
  why: 'One task is missing while the new one starts, and a bad image is not rolled back automatically.',
  hint: "Write `order: 'start-first'` where two may run at a time, and `failure_action: 'rollback'`.",
  fileHint:
    'Write `order: start-first` where two may run at a time, and `failure_action: rollback`.',
  references: ['Compose Deploy spec, update_config'],
  bad: swarm({
    services: {
      app: { image: 'app:1', deploy: { replicas: 2, update_config: { order: 'stop-first' } } },
    },
  }),
  good: swarm({
    services: {
      app: {
        image: 'app:1',
        deploy: { update_config: { order: 'start-first', failure_action: 'rollback' } },
      },
    },
  }),
  ...onSwarm(function* (document) {
    for (const { name, service, path } of eachService(document.data)) {
      const update = service.deploy?.update_config
      if (replicasOf(service) < 2 && !update) continue
      if (update?.failure_action === 'rollback') continue
      yield { path, message: `a failed update of ${name} is not rolled back` }
    }
  }),
}
