import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { pathOfPort } from '../model/each-service.ts'
import { hostPorts } from '../model/host-ports.ts'
import { showRange } from '../model/ports.ts'

export const privilegedHostPort: Rule<ComposeFile> = {
  id: 'compose/privileged-host-port',
  kind: 'insecure',
  severity: 'note',
  summary: 'A port of the host below 1024',
  why: 'Such ports are for services of the host itself; who listens there is trusted.',
  hint: 'Publish a higher one, and let a proxy own the low ports.',
  references: ['CIS Docker 5.8', 'KICS "Privileged Ports Mapped In Container"'],
  appliesTo: ['ports'],
  bad: { services: { app: { image: 'app:1', ports: ['80:8080'] } } },
  good: { services: { app: { image: 'app:1', ports: ['127.0.0.1:8080:8080'] } } },
  *check({ data }) {
    for (const { place, port, published } of hostPorts(data)) {
      if (published[0] >= 1024) continue
      yield {
        path: pathOfPort(place, port),
        message: `${place.name} takes port ${showRange(published)} of the host`,
      }
    }
  },
}
