import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'
import { pathOfPort, servicesWith } from '../../model/each-service.ts'
import { formatRange, isEverywhere } from '../../model/ports.ts'

export const containerTrafficNotBoundToHostInterface: Rule<ComposeFile> = {
  id: 'compose/container-traffic-not-bound-to-host-interface',
  kind: 'insecure',
  severity: 'note',
  summary: 'Port bound to every interface',
  why: 'The engine opens the port past the firewall of the host.',
  hint: 'Bind it to 127.0.0.1, or to the intended address.',
  references: [
    'CIS Docker 5.14',
    'dclint no-unbound-port-interfaces',
    'KICS "Container Traffic Not Bound To Host Interface"',
  ],
  appliesTo: ['ports'],
  bad: { services: { app: { image: 'app:1', ports: ['8080:8080'] } } },
  good: { services: { app: { image: 'app:1', ports: ['127.0.0.1:8080:8080'] } } },
  *check(document) {
    if (isSwarm(document)) return
    for (const place of servicesWith(document.data, 'ports')) {
      for (const port of place.ports) {
        if (!isEverywhere(port)) continue
        yield {
          path: pathOfPort(place, port),
          message: `${place.name} publishes ${port.target ? `port ${formatRange(port.target)}` : 'a port'} on every interface`,
        }
      }
    }
  },
}
