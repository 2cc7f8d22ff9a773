import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService, type Place } from '../model/each-service.ts'

export const memoryUnlimited: Rule<ComposeFile> = {
  id: 'compose/memory-unlimited',
  kind: 'insecure',
  summary: 'No limit of memory',
  why: 'One service that leaks takes the whole host down with it.',
  hint: 'Set `deploy.resources.limits.memory`.',
  references: ['CIS Docker 5.11', 'KICS "Memory Not Limited"'],
  bad: { services: { app: { image: 'app:1' } } },
  good: {
    services: { app: { image: 'app:1', deploy: { resources: { limits: { memory: '512M' } } } } },
  },
  *check({ data }) {
    for (const { name, path } of eachService(data).filter(isUnlimited)) {
      yield { path, message: `${name} has no limit of memory` }
    }
  },
}

function isUnlimited({ service }: Place): boolean {
  return service.mem_limit === undefined && service.deploy?.resources?.limits?.memory === undefined
}
