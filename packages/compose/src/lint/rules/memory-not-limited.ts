import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService, type Place } from '../../model/each-service.ts'

export const memoryNotLimited: Rule<ComposeFile> = {
  id: 'compose/memory-not-limited',
  kind: 'insecure',
  summary: 'No memory limit',
  why: 'One service that leaks memory brings down the whole host.',
  hint: 'Set `deploy.resources.limits.memory`.',
  references: ['CIS Docker 5.11', 'KICS "Memory Not Limited"'],
  bad: { services: { app: { image: 'app:1' } } },
  good: {
    services: { app: { image: 'app:1', deploy: { resources: { limits: { memory: '512M' } } } } },
  },
  *check({ data }) {
    for (const { name, path } of eachService(data).filter(isUnlimited)) {
      yield { path, message: `${name} has no memory limit` }
    }
  },
}

function isUnlimited({ service }: Place): boolean {
  return service.mem_limit === undefined && service.deploy?.resources?.limits?.memory === undefined
}
