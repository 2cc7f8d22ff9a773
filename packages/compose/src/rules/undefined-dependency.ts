import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { eachService } from './reading/each-service.ts'

export const undefinedDependency: Rule<ComposeFile> = {
  id: 'compose/undefined-dependency',
  kind: 'invalid',
  summary: 'A service that waits for one that is not there',
  why: 'Compose refuses the file.',
  help: 'Define it, mend the name, or say `required: false`.',
  references: ['Compose spec, depends_on'],
  bad: { services: { app: { image: 'app:1', depends_on: ['db'] } } },
  good: {
    services: {
      app: {
        image: 'app:1',
        depends_on: { db: { condition: 'service_started', required: false } },
      },
    },
  },
  *check({ data }) {
    if (data.include) return
    for (const place of eachService(data)) {
      for (const { on, required, path } of place.waits) {
        if (!required || data.services?.[on]) continue
        yield { path, message: `${place.name} depends on ${on}, which is no service of this file` }
      }
      for (const key of ['network_mode', 'pid', 'ipc'] as const) {
        const other = /^service:(.+)$/.exec(place.service[key] ?? '')?.[1]
        if (other === undefined || data.services?.[other]) continue
        yield {
          path: [...place.path, key],
          message: `${place.name} shares with ${other}, which is no service of this file`,
        }
      }
    }
  },
}
