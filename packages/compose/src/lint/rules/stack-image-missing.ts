import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../model/dialect.ts'
import { eachService } from '../model/each-service.ts'

export const stackImageMissing: Rule<ComposeFile> = {
  id: 'compose/stack-image-missing',
  kind: 'invalid',
  summary: 'A service of a stack without an image',
  why: 'A swarm builds nothing: "deploy" is refused.',
  hint: 'Build and push the image, and name it in `image`.',
  references: ['docker stack deploy'],
  appliesTo: ['swarm'],
  bad: swarm({ services: { app: { build: { context: '.' } } } }),
  good: swarm({ services: { app: { image: 'registry.example.org/app:1' } } }),
  *check(document) {
    if (!isSwarm(document)) return
    for (const { name, service, path } of eachService(document.data)) {
      if (service.image) continue
      yield { path, message: `${name} names no image, and a swarm does not build one` }
    }
  },
}
