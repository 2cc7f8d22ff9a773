import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'

export const updateToleratesFailure: Rule<ComposeFile> = {
  id: 'compose/update-tolerates-failure',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Update that tolerates failed tasks',
  why: 'A bad image replaces the good one task by task, as long as few enough fail.',
  hint: 'Leave `max_failure_ratio` at 0.',
  references: ['Compose Deploy spec, update_config'],
  bad: {
    services: { app: { image: 'app:1', deploy: { update_config: { max_failure_ratio: 0.3 } } } },
  },
  good: {
    services: {
      app: { image: 'app:1', deploy: { update_config: { failure_action: 'rollback' } } },
    },
  },
  ...onServicesWith('deploy', function* ({ name, service, path }) {
    const update = service.deploy?.update_config
    if (update?.max_failure_ratio === undefined) return
    const ratio = Number(resolve(update.max_failure_ratio))
    if (!(ratio > 0)) return
    yield {
      path: [...path, 'deploy', 'update_config', 'max_failure_ratio'],
      message: `an update of ${name} continues while ${Math.round(ratio * 100)}% of its tasks fail`,
    }
  }),
}
