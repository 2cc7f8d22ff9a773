import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../model/dialect.ts'
import { pathOfPort, servicesWith } from '../model/each-service.ts'
import { isEverywhere, showRange } from '../model/ports.ts'

export const portOnEveryInterface: Rule<ComposeFile> = {
  id: 'compose/port-on-every-interface',
  kind: 'insecure',
  severity: 'note',
  summary: 'A port that is bound to every interface',
  why: "The engine opens it past the host's firewall.",
  hint: 'Say 127.0.0.1, or the one address that is meant.',
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
          message: `${place.name} opens port ${port.target ? showRange(port.target) : 'of a variable'} on every interface`,
        }
      }
    }
  },
}
