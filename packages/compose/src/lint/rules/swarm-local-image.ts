import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isNoted, onSwarm, swarm } from '../../model/dialect.ts'
import { servicesWith } from '../../model/each-service.ts'
import { builtImages } from '../../model/other-files.ts'

export const swarmLocalImage: Rule<ComposeFile> = {
  id: 'compose/swarm-local-image',
  kind: 'breaks',
  severity: 'note',
  summary: 'Stack image that is not in a registry',
  why: 'Only the node that built it can start it; other nodes reject the task.',
  hint: 'Push it, and name the registry in `image`.',
  references: ['docker stack deploy'],
  bad: swarm({ services: { app: { build: { context: '.' }, image: 'app:1' } } }),
  good: swarm({ services: { app: { image: 'registry.example.org/app:1' } } }),
  ...onSwarm(function* (document, context) {
    const built = builtImages(document, context)
    for (const { name, service, path, image } of servicesWith(document.data, 'image')) {
      if (!service.image || image.registry !== '' || !built.has(service.image)) continue
      if (isNoted(document.data, name, 'build')) continue
      yield {
        path: [...path, 'image'],
        message: `${name} runs ${service.image}, which is built here and names no registry`,
      }
    }
  }),
}
