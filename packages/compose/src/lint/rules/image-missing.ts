import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'
import { eachService, type Place } from '../../model/each-service.ts'

export const imageMissing: Rule<ComposeFile> = {
  id: 'compose/image-missing',
  kind: 'invalid',
  summary: 'Service without image and build',
  why: 'Compose rejects the file.',
  hint: 'Set `image` or `build`.',
  references: ['Compose spec, services'],
  bad: { services: { app: { command: ['start'] } } },
  good: { services: { app: { image: 'app:1', command: ['start'] } } },
  *check(document) {
    if (isSwarm(document)) return
    for (const { name, path } of eachService(document.data).filter(hasNoImage)) {
      yield { path, message: `${name} has neither an image nor a build` }
    }
  },
}

function hasNoImage({ service }: Place): boolean {
  return !service.image && !service.build && !service.extends && !service.provider
}
