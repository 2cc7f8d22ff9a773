import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, isTypeScript } from '../../model/dialect.ts'
import { pathOfPort, servicesWith } from '../../model/each-service.ts'
import { formatRange } from '../../model/ports.ts'
import { replicasOf } from '../../model/sizes.ts'

export const portOfSeveralContainers: Rule<ComposeFile> = {
  id: 'compose/port-of-several-containers',
  kind: 'breaks',
  summary: 'Host port published by several containers of a service',
  why: 'The second container does not start: "port is already allocated".',
  hint: 'Publish a range with a port for each, omit the host port, or put a proxy in front.',
  references: ['Compose spec, scale', 'Compose Deploy spec, replicas'],
  appliesTo: ['ports'],
  bad: { services: { app: { image: 'app:1', scale: 2, ports: ['8080:80'] } } },
  good: { services: { app: { image: 'app:1', scale: 2, ports: ['8080-8081:80'] } } },
  *check(document) {
    // The routing mesh of a swarm publishes a port once.
    if (isSwarm(document)) return
    for (const place of servicesWith(document.data, 'ports')) {
      const replicas = replicasOf(place.service)
      if (replicas < 2) continue
      for (const port of place.ports) {
        const { published } = port
        if (!published || published[0] === 0 || published[1] - published[0] + 1 >= replicas)
          continue
        yield {
          path: pathOfPort(place, port),
          message: `${place.name} has ${replicas} containers but publishes only port ${formatRange(published)} of the host`,
          // Replicas in a file may be meant for a swarm.
          severity: isTypeScript(document.data) ? 'error' : 'warning',
        }
      }
    }
  },
}
