import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { pathOfPort, servicesWith } from '../model/each-service.ts'
import { includes } from '../model/ports.ts'

export const sshPublished: Rule<ComposeFile> = {
  id: 'compose/ssh-published',
  kind: 'insecure',
  summary: 'A container that is reached by SSH',
  why: 'One more daemon with keys of its own to look after; the engine gives a shell anyway.',
  hint: 'Remove it, and use `docker compose exec`.',
  references: ['CIS Docker 5.7'],
  appliesTo: ['ports'],
  bad: { services: { app: { image: 'app:1', ports: ['127.0.0.1:2222:22'] } } },
  good: { services: { app: { image: 'app:1' } } },
  *check({ data }) {
    for (const place of servicesWith(data, 'ports')) {
      for (const port of place.ports) {
        if (!includes(port.target, 22)) continue
        yield { path: pathOfPort(place, port), message: `${place.name} publishes its port 22` }
      }
    }
  },
}
