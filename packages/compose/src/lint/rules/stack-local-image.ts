import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isNoted, isSwarm, swarm } from '../model/dialect.ts'
import { servicesWith } from '../model/each-service.ts'
import { builtImages } from '../model/other-files.ts'

export const stackLocalImage: Rule<ComposeFile> = {
  id: 'compose/stack-local-image',
  kind: 'breaks',
  severity: 'note',
  summary: 'An image of a stack that no registry has',
  why: 'Only the node where it was built can start it; tasks on the others are rejected.',
  hint: 'Push it, and name the registry in `image`.',
  references: ['docker stack deploy'],
  appliesTo: ['swarm'],
  bad: swarm({ services: { app: { build: { context: '.' }, image: 'app:1' } } }),
  good: swarm({ services: { app: { image: 'registry.example.org/app:1' } } }),
  *check(document, around) {
    if (!isSwarm(document)) return
    const built = builtImages(document, around)
    for (const { name, service, path, image } of servicesWith(document.data, 'image')) {
      if (!service.image || image.registry !== '' || !built.has(service.image)) continue
      if (isNoted(document.data, name, 'build')) continue
      yield {
        path: [...path, 'image'],
        message: `${name} runs ${service.image}, which is built here and names no registry`,
      }
    }
  },
}
