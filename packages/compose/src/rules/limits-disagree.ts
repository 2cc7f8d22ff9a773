import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { eachService } from './reading/each-service.ts'
import { resolveNumber } from './reading/resolve.ts'
import { bytes } from './reading/sizes.ts'

export const limitsDisagree: Rule<ComposeFile> = {
  id: 'compose/limits-disagree',
  kind: 'invalid',
  summary: 'One limit that is said twice and differently',
  why: 'Compose refuses the file.',
  help: 'Keep the one under `deploy.resources.limits`.',
  references: ['Compose Deploy spec, resources'],
  bad: {
    services: {
      app: {
        image: 'app:1',
        mem_limit: '256M',
        deploy: { resources: { limits: { memory: '1G' } } },
      },
    },
  },
  good: {
    services: { app: { image: 'app:1', deploy: { resources: { limits: { memory: '1G' } } } } },
  },
  *check({ data }) {
    for (const { name, service, path } of eachService(data)) {
      const limits = service.deploy?.resources?.limits
      if (!limits) continue
      const pairs = [
        ['mem_limit', bytes(service.mem_limit), bytes(limits.memory)],
        ['cpus', resolveNumber(service.cpus), resolveNumber(limits.cpus)],
        ['pids_limit', resolveNumber(service.pids_limit), resolveNumber(limits.pids)],
      ] as const
      for (const [key, own, deployed] of pairs) {
        if (own === undefined || deployed === undefined || own === deployed) continue
        yield { path: [...path, key], message: `${name} has another ${key} under deploy` }
      }
    }
  },
}
