import type { Rule } from '@erlmcp/core'
import type { ComposeFile, Limits } from '../../document.ts'
import { everyServiceWith } from '../model/each-service.ts'
import { resolveNumber } from '../model/resolve.ts'
import { bytes } from '../model/sizes.ts'

const limits = [
  ['mem_limit', 'limits', 'memory', bytes],
  ['cpus', 'limits', 'cpus', bytes],
  ['pids_limit', 'limits', 'pids', resolveNumber],
  ['mem_reservation', 'reservations', 'memory', bytes],
] as const

export const limitsDisagree: Rule<ComposeFile> = {
  id: 'compose/limits-disagree',
  kind: 'invalid',
  summary: 'One limit, or the number of containers, that is said twice and differently',
  why: 'Compose refuses the file.',
  hint: 'Keep the one under `deploy.resources.limits`.',
  references: ['Compose Deploy spec, resources'],
  appliesTo: [...limits.map(([key]) => key), 'scale'],
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
    for (const [key, part, name, read] of limits) {
      for (const place of everyServiceWith(data, key)) {
        const { deploy } = place.service
        const own = read(place.service[key])
        // Compose reads one that is not there as 0.
        if (!own || !deploy?.resources?.[part]) continue
        const written = (deploy.resources[part] as Limits)[name]
        const deployed = read(written)
        if (own === deployed || (written !== undefined && deployed === undefined)) continue
        yield {
          path: [...place.path, key],
          message: `${place.name} has ${written === undefined ? 'no' : 'another'} ${key} under deploy`,
          hint: `Keep the one under deploy.resources.${part}.${name}.`,
        }
      }
    }
    for (const { name, service, path } of everyServiceWith(data, 'scale')) {
      const [own, deployed] = [service.scale, service.deploy?.replicas].map(resolveNumber)
      if (own === undefined || deployed === undefined || own === deployed) continue
      const message = `${name} has scale ${own} and deploy.replicas ${deployed}`
      yield { path: [...path, 'scale'], message, hint: 'Keep deploy.replicas.' }
    }
  },
}
