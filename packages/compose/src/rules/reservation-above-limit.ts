import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'
import { bytes } from './reading/sizes.ts'

export const reservationAboveLimit: Rule<ComposeFile> = {
  id: 'compose/reservation-above-limit',
  kind: 'invalid',
  summary: 'More memory kept than allowed',
  why: 'The engine refuses the container: the limit is below the reservation.',
  help: 'Raise the limit, or lower the reservation.',
  references: ['Compose Deploy spec, resources'],
  about: ['deploy'],
  bad: {
    services: {
      app: {
        image: 'app:1',
        deploy: { resources: { limits: { memory: '256M' }, reservations: { memory: '1G' } } },
      },
    },
  },
  good: {
    services: {
      app: {
        image: 'app:1',
        deploy: { resources: { limits: { memory: '1G' }, reservations: { memory: '256M' } } },
      },
    },
  },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'deploy')) {
      const kept = service.deploy?.resources?.reservations?.memory
      if (kept === undefined) continue
      const limit = bytes(service.deploy?.resources?.limits?.memory)
      if (limit === undefined || (bytes(kept) ?? 0) <= limit) continue
      yield {
        path: [...path, 'deploy', 'resources', 'reservations', 'memory'],
        message: `${name} is kept ${kept}, and may not have as much`,
      }
    }
  },
}
