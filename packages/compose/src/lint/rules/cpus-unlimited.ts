import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService, type Place } from '../model/each-service.ts'

export const cpusUnlimited: Rule<ComposeFile> = {
  id: 'compose/cpus-unlimited',
  kind: 'insecure',
  summary: 'No limit of CPU',
  why: 'One service that spins slows all others down.',
  hint: 'Set `deploy.resources.limits.cpus`.',
  references: ['CIS Docker 5.12', 'KICS "Cpus Not Limited"'],
  bad: { services: { app: { image: 'app:1' } } },
  good: { services: { app: { image: 'app:1', deploy: { resources: { limits: { cpus: 1 } } } } } },
  *check({ data }) {
    for (const { name, path } of eachService(data).filter(isUnlimited)) {
      yield { path, message: `${name} has no limit of CPU` }
    }
  },
}

function isUnlimited({ service }: Place): boolean {
  const { cpus, cpu_quota, cpu_shares, deploy } = service
  if (cpus !== undefined || cpu_quota !== undefined || cpu_shares !== undefined) return false
  return deploy?.resources?.limits?.cpus === undefined
}
