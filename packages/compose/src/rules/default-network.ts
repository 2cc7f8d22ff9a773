import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { eachService } from './reading/each-service.ts'

export const defaultNetwork: Rule<ComposeFile> = {
  id: 'compose/default-network',
  kind: 'insecure',
  severity: 'note',
  summary: 'Services on a network that all of the project share',
  why: 'Every service reaches every other one, the database too.',
  help: 'Name the networks that each service needs, the inner ones `internal: true`.',
  references: ['CIS Docker 5.30', 'KICS "Networks Not Set"'],
  bad: { services: { app: { image: 'app:1' }, db: { image: 'postgres:17' } } },
  good: {
    services: {
      app: { image: 'app:1', networks: ['backend'] },
      db: { image: 'postgres:17', networks: ['backend'] },
    },
    networks: { backend: { internal: true } },
  },
  *check({ data }) {
    const places = eachService(data)
    for (const { name, service, path } of places) {
      if (service.network_mode === 'bridge') {
        yield {
          path: [...path, 'network_mode'],
          message: `${name} joins the bridge of the whole engine`,
        }
      } else if (places.length > 1 && !service.networks && !service.network_mode) {
        yield { path, message: `${name} is on the default network with all others` }
      }
    }
  },
}
