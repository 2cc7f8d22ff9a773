import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService, type Place, servicesWith } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'

// The image may define one; well-known images are known to lack it.
function hasNoHealth({ service, image }: Place): boolean {
  const { build, healthcheck } = service
  if (healthcheck?.disable === true || healthcheck?.test?.[0] === 'NONE') return true
  const known = knownImage(image)
  if (healthcheck?.test !== undefined || build) return false
  return known?.isDataStore === true && !known.hasHealthcheck
}

export const dependencyWithoutHealth: Rule<ComposeFile> = {
  id: 'compose/dependency-without-health',
  kind: 'breaks',
  summary: 'Dependency on the health of a service without a healthcheck',
  why: '`docker compose up` fails: "container has no healthcheck configured".',
  hint: 'Add a healthcheck to that service.',
  references: ['Compose spec, depends_on'],
  appliesTo: ['depends_on'],
  bad: {
    services: {
      app: { image: 'app:1', depends_on: { db: { condition: 'service_healthy' } } },
      db: { image: 'postgres:17' },
    },
  },
  good: {
    services: {
      app: { image: 'app:1', depends_on: { db: { condition: 'service_healthy' } } },
      db: { image: 'postgres:17', healthcheck: { test: ['CMD', 'psql', '-c', 'select 1'] } },
    },
  },
  *check({ data }) {
    const waiting = servicesWith(data, 'depends_on')
    if (waiting.length === 0) return
    const places = new Map(eachService(data).map((place) => [place.name, place]))
    for (const place of waiting) {
      for (const { on, condition, at } of place.waits) {
        const other = condition === 'service_healthy' ? places.get(on) : undefined
        if (!other || !hasNoHealth(other)) continue
        yield {
          path: [...place.path, 'depends_on', at],
          message: `${place.name} waits for ${on} to be healthy, but ${on} has no healthcheck`,
        }
      }
    }
  },
}
