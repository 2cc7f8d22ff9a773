import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'
import { resolveNumber } from './reading/resolve.ts'
import { bytes } from './reading/sizes.ts'

const limits = [
  ['mem_limit', 'memory', bytes],
  ['cpus', 'cpus', bytes],
  ['pids_limit', 'pids', resolveNumber],
] as const

export const limitsDisagree: Rule<ComposeFile> = {
  id: 'compose/limits-disagree',
  kind: 'invalid',
  summary: 'One limit that is said twice and differently',
  why: 'Compose refuses the file.',
  help: 'Keep the one under `deploy.resources.limits`.',
  references: ['Compose Deploy spec, resources'],
  about: limits.map(([key]) => key),
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
    for (const [key, name, read] of limits) {
      for (const place of servicesWith(data, key)) {
        const own = read(place.service[key])
        const deployed = read(place.service.deploy?.resources?.limits?.[name])
        if (own === undefined || deployed === undefined || own === deployed) continue
        yield {
          path: [...place.path, key],
          message: `${place.name} has another ${key} under deploy`,
        }
      }
    }
  },
}
