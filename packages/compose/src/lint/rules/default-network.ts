import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService, type Place, servicesWith } from '../../model/each-service.ts'

export const defaultNetwork: Rule<ComposeFile> = {
  id: 'compose/default-network',
  kind: 'insecure',
  severity: 'note',
  summary: 'Services on the default network',
  why: 'Every service reaches every other one, including the database.',
  hint: 'Name the networks that each service needs, and make inner ones `internal: true`.',
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
    for (const { name, service, path } of servicesWith(data, 'network_mode')) {
      if (service.network_mode !== 'bridge') continue
      yield {
        path: [...path, 'network_mode'],
        message: `${name} joins the default bridge of the engine`,
      }
    }
    const together = eachService(data).filter(isOnDefault)
    if (together.length < 2) return
    yield {
      path: ['services'],
      message: `${together[0]?.name} and ${together.length - 1} more are on the default network`,
    }
  },
}

function isOnDefault({ service }: Place): boolean {
  return service.networks === undefined && service.network_mode === undefined
}
