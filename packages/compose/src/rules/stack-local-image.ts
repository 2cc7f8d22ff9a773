import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { isSwarm, swarm } from './reading/dialect.ts'
import { eachService } from './reading/each-service.ts'
import { earlierFiles } from './reading/other-files.ts'

export const stackLocalImage: Rule<ComposeFile> = {
  id: 'compose/stack-local-image',
  kind: 'breaks',
  severity: 'note',
  summary: 'An image of a stack that no registry has',
  why: 'Only the node where it was built can start it; tasks on the others are rejected.',
  help: 'Push it, and name the registry in `image`.',
  references: ['docker stack deploy'],
  bad: swarm({ services: { app: { build: { context: '.' }, image: 'app:1' } } }),
  good: swarm({ services: { app: { image: 'registry.example.org/app:1' } } }),
  *check(document, around) {
    if (!isSwarm(document)) return
    const built = new Set<string>()
    for (const other of earlierFiles(document, around)) {
      for (const { service } of eachService(other.data)) {
        if (service.build && service.image) built.add(service.image)
      }
    }
    for (const { name, service, path, image } of eachService(document.data)) {
      if (!service.image || image.registry !== '') continue
      if (!service.build && !built.has(service.image)) continue
      yield {
        path: [...path, 'image'],
        message: `${name} runs ${service.image}, which is built here and names no registry`,
      }
    }
  },
}
