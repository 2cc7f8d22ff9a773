import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { type Place, pathOfPort } from '../../model/each-service.ts'
import { ownCollisions } from '../../model/host-ports.ts'
import { formatRange } from '../../model/ports.ts'

// Services of different profiles are there to be started one without the other.
function alternatives(a: Place, b: Place): boolean {
  const [mine, theirs] = [a.service.profiles ?? [], b.service.profiles ?? []]
  return mine.length > 0 && theirs.length > 0 && !mine.some((profile) => theirs.includes(profile))
}

export const hostPortClash: Rule<ComposeFile> = {
  id: 'compose/host-port-clash',
  kind: 'breaks',
  summary: 'Host port published by two services',
  why: 'The second service does not start: "port is already allocated".',
  hint: 'Give one of them another port, or another host address.',
  references: ['dclint no-duplicate-exported-ports'],
  appliesTo: ['ports'],
  bad: {
    services: {
      app: { image: 'app:1', ports: ['8080:8080'] },
      web: { image: 'web:1', ports: [{ target: 80, published: '${WEB_PORT:-8080}' }] },
    },
  },
  good: {
    services: {
      app: { image: 'app:1', ports: ['127.0.0.1:8080:8080'] },
      web: { image: 'web:1', ports: ['127.0.0.2:8080:80'] },
    },
  },
  *check({ data }) {
    for (const [first, second] of ownCollisions(data)) {
      if (first.place === second.place || alternatives(first.place, second.place)) continue
      yield {
        path: pathOfPort(second.place, second.port),
        message: `${second.place.name} publishes port ${formatRange(second.published)} of the host, as ${first.place.name} does`,
      }
    }
  },
}
