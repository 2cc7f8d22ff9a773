import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith, pathOfPort } from '../../model/each-service.ts'
import { includes } from '../../model/ports.ts'

export const sshPublished: Rule<ComposeFile> = {
  id: 'compose/ssh-published',
  kind: 'insecure',
  summary: 'SSH in a container',
  why: 'It is one more daemon and set of keys to maintain; the engine provides a shell already.',
  hint: 'Remove the port, and use `docker compose exec`.',
  references: ['CIS Docker 5.7'],
  bad: { services: { app: { image: 'app:1', ports: ['127.0.0.1:2222:22'] } } },
  good: { services: { app: { image: 'app:1' } } },
  ...onServicesWith('ports', function* (place) {
    for (const port of place.ports) {
      if (!includes(port.target, 22)) continue
      yield { path: pathOfPort(place, port), message: `${place.name} publishes port 22` }
    }
  }),
}
