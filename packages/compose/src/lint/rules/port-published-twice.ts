import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { pathOfPort } from '../../model/each-service.ts'
import { ownCollisions } from '../../model/host-ports.ts'
import { formatRange } from '../../model/ports.ts'

export const portPublishedTwice: Rule<ComposeFile> = {
  id: 'compose/port-published-twice',
  kind: 'breaks',
  summary: 'Host port published twice by one service',
  why: 'Compose silently drops one of them, and a swarm rejects the file: one of the two uses is unreachable.',
  hint: 'Publish each host port once.',
  references: ['dclint no-duplicate-exported-ports'],
  appliesTo: ['ports'],
  bad: {
    services: { app: { image: 'app:1', ports: ['${METRICS_PORT:-9100}:9100', '9100:9100'] } },
  },
  good: {
    services: { app: { image: 'app:1', ports: ['127.0.0.1:9568:9568', '127.0.0.1:8080:8080'] } },
  },
  *check({ data }) {
    for (const [first, second] of ownCollisions(data)) {
      if (first.place !== second.place) continue
      yield {
        path: pathOfPort(second.place, second.port),
        message: `${second.place.name} publishes port ${formatRange(second.published)} of the host twice`,
      }
    }
  },
}
