import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { eachService } from '../../model/each-service.ts'

export const swarmImageMissing: Rule<ComposeFile> = {
  id: 'compose/swarm-image-missing',
  kind: 'invalid',
  summary: 'Service of a stack without an image',
  why: 'A swarm does not build images: `docker stack deploy` fails.',
  hint: 'Build and push the image, and name it in `image`.',
  references: ['docker stack deploy'],
  bad: swarm({ services: { app: { build: { context: '.' } } } }),
  good: swarm({ services: { app: { image: 'registry.example.org/app:1' } } }),
  ...onSwarm(function* (document) {
    for (const { name, service, path } of eachService(document.data)) {
      if (service.image) continue
      yield { path, message: `${name} has no image, and a swarm does not build one` }
    }
  }),
}
