import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { isSwarm } from './reading/dialect.ts'
import { eachService } from './reading/each-service.ts'

export const imageMissing: Rule<ComposeFile> = {
  id: 'compose/image-missing',
  kind: 'invalid',
  summary: 'A service with neither an image nor a build',
  why: 'Compose refuses the file.',
  help: 'Name an image, or say how it is built.',
  references: ['Compose spec, services'],
  bad: { services: { app: { command: ['start'] } } },
  good: { services: { app: { image: 'app:1', command: ['start'] } } },
  *check(document) {
    if (isSwarm(document)) return
    for (const { name, service, path } of eachService(document.data)) {
      if (service.image || service.build || service.extends || service.provider) continue
      yield { path, message: `${name} has neither an image nor a build` }
    }
  },
}
