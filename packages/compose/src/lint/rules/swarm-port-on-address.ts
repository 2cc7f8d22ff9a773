import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { eachService, pathOfPort } from '../../model/each-service.ts'
import { everywhere } from '../../model/ports.ts'

export const swarmPortOnAddress: Rule<ComposeFile> = {
  id: 'compose/swarm-port-on-address',
  kind: 'insecure',
  summary: 'Port with a host address in a stack',
  why: 'A swarm publishes on every interface of every node: a port that was meant for this host is open to others.',
  hint: 'Remove the port; reach the service through one that is meant for the outside.',
  references: ['docker stack deploy, "ignoring IP-address"'],
  bad: swarm({ services: { app: { image: 'app:1', ports: ['127.0.0.1:9568:9568'] } } }),
  good: swarm({ services: { app: { image: 'app:1', ports: ['8080:8080'] } } }),
  ...onSwarm(function* (document) {
    for (const place of eachService(document.data)) {
      for (const port of place.ports) {
        if (port.address === undefined || port.address === everywhere) continue
        // swarm-rejects-key reports the long form.
        if (typeof place.service.ports?.[port.index] === 'object') continue
        yield {
          path: pathOfPort(place, port),
          message: `${place.name} publishes on ${port.address}, but a swarm publishes on every interface`,
        }
      }
    }
  }),
}
