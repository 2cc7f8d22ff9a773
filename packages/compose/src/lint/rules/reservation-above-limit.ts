import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService } from '../model/each-service.ts'
import { bytes } from '../model/sizes.ts'

export const reservationAboveLimit: Rule<ComposeFile> = {
  id: 'compose/reservation-above-limit',
  kind: 'invalid',
  summary: 'More memory kept than allowed',
  why: 'The engine refuses the container: the limit is below the reservation.',
  hint: 'Raise the limit, or lower the reservation.',
  references: ['Compose Deploy spec, resources'],
  appliesTo: ['deploy', 'mem_reservation', 'memswap_limit'],
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
    for (const { name, service, path } of eachService(data)) {
      const { limits, reservations } = service.deploy?.resources ?? {}
      const limit = bytes(service.mem_limit ?? limits?.memory)
      if (!limit) continue
      const isBelow = service.mem_reservation === undefined
      const kept = service.mem_reservation ?? reservations?.memory
      if (kept !== undefined && (bytes(kept) ?? 0) > limit) {
        yield {
          path: [
            ...path,
            ...(isBelow ? ['deploy', 'resources', 'reservations', 'memory'] : ['mem_reservation']),
          ],
          message: `${name} is kept ${kept}, and may not have as much`,
        }
      }
      const swap = service.memswap_limit
      // 0 and -1 are no limit.
      if (swap === undefined || !bytes(swap) || bytes(swap)! >= limit) continue
      yield {
        path: [...path, 'memswap_limit'],
        message: `${name} may have ${swap} of memory and swap together, and more of memory alone`,
        hint: 'memswap_limit is the sum of both: raise it, or remove it.',
      }
    }
  },
}
