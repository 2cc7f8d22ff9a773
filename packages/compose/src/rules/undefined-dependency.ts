import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'

export const undefinedDependency: Rule<ComposeFile> = {
  id: 'compose/undefined-dependency',
  kind: 'invalid',
  summary: 'A service that waits for one that is not there',
  why: 'Compose refuses the file.',
  help: 'Give the service itself in place of its name, which brings it into the file, or fix the name; `required: false` is for a service that a profile leaves out.',
  fileHelp:
    'Define it, or fix the name; `required: false` is for a service that a profile leaves out.',
  references: ['Compose spec, depends_on'],
  about: ['depends_on', 'network_mode', 'pid', 'ipc'],
  bad: { services: { app: { image: 'app:1', depends_on: ['db'] } } },
  good: {
    services: { app: { image: 'app:1', depends_on: ['db'] }, db: { image: 'postgres:17' } },
  },
  *check({ data }) {
    // What another file defines is not seen here.
    if (data.include) return
    for (const { name, waits, path } of servicesWith(data, 'depends_on')) {
      for (const { on, at } of waits) {
        if (data.services?.[on]) continue
        yield {
          path: [...path, 'depends_on', at],
          message: `${name} depends on ${on}, which is no service of this file`,
        }
      }
    }
    for (const key of ['network_mode', 'pid', 'ipc'] as const) {
      for (const { name, service, path } of servicesWith(data, key)) {
        const other = /^service:(.+)$/.exec(service[key] ?? '')?.[1]
        if (other === undefined || data.services?.[other]) continue
        yield {
          path: [...path, key],
          message: `${name} shares with ${other}, which is no service of this file`,
        }
      }
    }
  },
}
