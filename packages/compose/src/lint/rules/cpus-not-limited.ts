import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService, type Place } from '../../model/each-service.ts'

export const cpusNotLimited: Rule<ComposeFile> = {
  id: 'compose/cpus-not-limited',
  kind: 'insecure',
  summary: 'No CPU limit',
  why: 'One busy service slows down all others.',
  hint: 'Set `deploy.resources.limits.cpus`.',
  references: ['CIS Docker 5.12', 'KICS "Cpus Not Limited"'],
  bad: { services: { app: { image: 'app:1' } } },
  good: { services: { app: { image: 'app:1', deploy: { resources: { limits: { cpus: 1 } } } } } },
  *check({ data }) {
    for (const { name, path } of eachService(data).filter(isUnlimited)) {
      yield { path, message: `${name} has no CPU limit` }
    }
  },
}

function isUnlimited({ service }: Place): boolean {
  const { cpus, cpu_quota, cpu_shares, deploy } = service
  if (cpus !== undefined || cpu_quota !== undefined || cpu_shares !== undefined) return false
  return deploy?.resources?.limits?.cpus === undefined
}
