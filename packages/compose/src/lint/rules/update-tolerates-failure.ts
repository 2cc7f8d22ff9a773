import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { resolve } from '../model/resolve.ts'

export const updateToleratesFailure: Rule<ComposeFile> = {
  id: 'compose/update-tolerates-failure',
  kind: 'breaks',
  severity: 'warning',
  summary: 'An update that goes on although tasks fail',
  why: 'A bad image replaces the good one task by task, as long as few enough fail.',
  hint: 'Leave `max_failure_ratio` at 0.',
  references: ['Compose Deploy spec, update_config'],
  appliesTo: ['deploy'],
  bad: {
    services: { app: { image: 'app:1', deploy: { update_config: { max_failure_ratio: 0.3 } } } },
  },
  good: {
    services: {
      app: { image: 'app:1', deploy: { update_config: { failure_action: 'rollback' } } },
    },
  },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'deploy')) {
      const update = service.deploy?.update_config
      if (update?.max_failure_ratio === undefined) continue
      const ratio = Number(resolve(update.max_failure_ratio))
      if (!(ratio > 0)) continue
      yield {
        path: [...path, 'deploy', 'update_config', 'max_failure_ratio'],
        message: `an update of ${name} goes on while ${Math.round(ratio * 100)}% of its tasks fail`,
      }
    }
  },
}
