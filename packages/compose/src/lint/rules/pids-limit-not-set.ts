import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import type { Place } from '../../model/each-service.ts'
import { linuxServices } from '../../model/each-service.ts'

export const pidsLimitNotSet: Rule<ComposeFile> = {
  id: 'compose/pids-limit-not-set',
  kind: 'insecure',
  summary: 'No limit on processes',
  why: 'A fork bomb in one container brings down the whole host.',
  hint: 'Set `deploy.resources.limits.pids`.',
  references: ['CIS Docker 5.29', 'KICS "Pids Limit Not Set"'],
  bad: { services: { app: { image: 'app:1' } } },
  good: { services: { app: { image: 'app:1', deploy: { resources: { limits: { pids: 512 } } } } } },
  *check({ data }) {
    for (const { name, path } of linuxServices(data).filter(isUnlimited)) {
      yield { path, message: `${name} has no limit on processes` }
    }
  },
}

function isUnlimited({ service }: Place): boolean {
  const limit = service.pids_limit ?? service.deploy?.resources?.limits?.pids
  return limit === undefined || Number(limit) <= 0
}
