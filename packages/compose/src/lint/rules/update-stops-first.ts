import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../model/dialect.ts'
import { eachService } from '../model/each-service.ts'
import { replicasOf } from '../model/sizes.ts'

export const updateStopsFirst: Rule<ComposeFile> = {
  id: 'compose/update-stops-first',
  kind: 'breaks',
  severity: 'note',
  summary: 'An update that takes the old task away first',
  why: 'For as long as the new one starts there is one less, and a bad one is not rolled back by itself.',
  hint: "Write `order: 'start-first'` where two may run at a time, and `failure_action: 'rollback'`.",
  fileHint: 'Say `order: start-first` where two may run at a time, and `failure_action: rollback`.',
  references: ['Compose Deploy spec, update_config'],
  appliesTo: ['swarm'],
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
  *check(document) {
    if (!isSwarm(document)) return
    for (const { name, service, path } of eachService(document.data)) {
      const update = service.deploy?.update_config
      if (replicasOf(service) < 2 && !update) continue
      if (update?.failure_action === 'rollback') continue
      yield { path, message: `a failed update of ${name} is not rolled back` }
    }
  },
}
