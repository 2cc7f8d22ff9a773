import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService } from '../../model/each-service.ts'
import { bytes } from '../../model/sizes.ts'

export const reservationAboveLimit: Rule<ComposeFile> = {
  id: 'compose/reservation-above-limit',
  kind: 'invalid',
  summary: 'Memory reservation above the limit',
  why: 'The engine rejects the container: the limit is below the reservation.',
  hint: 'Raise the limit, or reduce the reservation.',
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
      const reserved = service.mem_reservation ?? reservations?.memory
      if (reserved !== undefined && (bytes(reserved) ?? 0) > limit) {
        yield {
          path: [
            ...path,
            ...(isBelow ? ['deploy', 'resources', 'reservations', 'memory'] : ['mem_reservation']),
          ],
          message: `${name} reserves ${reserved} of memory, which is above its limit`,
        }
      }
      const swap = service.memswap_limit
      // 0 and -1 mean unlimited.
      if (swap === undefined || !bytes(swap) || bytes(swap)! >= limit) continue
      yield {
        path: [...path, 'memswap_limit'],
        message: `${name} has memswap_limit ${swap}, which is below its memory limit`,
        hint: 'memswap_limit is the sum of both: raise it, or remove it.',
      }
    }
  },
}
