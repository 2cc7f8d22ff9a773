import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../model/dialect.ts'
import { eachService, pathOfPort } from '../model/each-service.ts'
import { everywhere } from '../model/ports.ts'

export const stackPortOnAddress: Rule<ComposeFile> = {
  id: 'compose/stack-port-on-address',
  kind: 'insecure',
  summary: 'An address of the host, to which a stack does not bind',
  why: 'A swarm publishes on every interface of every node, or refuses the long form: what was meant for this machine alone is open.',
  hint: 'Do not publish it; reach it through a service that is meant for the outside.',
  references: ['docker stack deploy, "ignoring IP-address"'],
  appliesTo: ['swarm'],
  bad: swarm({ services: { app: { image: 'app:1', ports: ['127.0.0.1:9568:9568'] } } }),
  good: swarm({ services: { app: { image: 'app:1', ports: ['8080:8080'] } } }),
  *check(document) {
    if (!isSwarm(document)) return
    for (const place of eachService(document.data)) {
      for (const port of place.ports) {
        if (port.address === undefined || port.address === everywhere) continue
        yield {
          path: pathOfPort(place, port),
          message: `${place.name} publishes on ${port.address}, and a swarm on every interface`,
        }
      }
    }
  },
}
