import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { pathOfPort } from '../../model/each-service.ts'
import { hostPorts } from '../../model/host-ports.ts'
import { formatRange } from '../../model/ports.ts'

export const privilegedPortsMappedInContainer: Rule<ComposeFile> = {
  id: 'compose/privileged-ports-mapped-in-container',
  kind: 'insecure',
  severity: 'note',
  summary: 'Host port below 1024',
  why: 'Ports below 1024 are reserved for trusted services of the host.',
  hint: 'Publish a higher port, and let a proxy listen on the low ones.',
  references: ['CIS Docker 5.8', 'KICS "Privileged Ports Mapped In Container"'],
  appliesTo: ['ports'],
  bad: { services: { app: { image: 'app:1', ports: ['80:8080'] } } },
  good: { services: { app: { image: 'app:1', ports: ['127.0.0.1:8080:8080'] } } },
  *check({ data }) {
    for (const { place, port, published } of hostPorts(data)) {
      if (published[0] >= 1024) continue
      yield {
        path: pathOfPort(place, port),
        message: `${place.name} publishes the privileged port ${formatRange(published)} of the host`,
      }
    }
  },
}
