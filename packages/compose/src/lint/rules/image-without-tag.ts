import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'
import { eachService } from '../../model/each-service.ts'
import { builtImages } from '../../model/other-files.ts'

export const imageWithoutTag: Rule<ComposeFile> = {
  id: 'compose/image-without-tag',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Image without a fixed version',
  why: 'The image changes between starts, and its version is unknown.',
  hint: 'Name a version, and a digest beside it.',
  references: ['CIS Docker 5.28', 'dclint service-image-require-explicit-tag'],
  bad: { services: { app: { image: 'postgres:latest' } } },
  good: { services: { app: { image: 'postgres:17.2' } } },
  *check(document, context) {
    // An image that is built here needs no version; a swarm pulls it from a registry.
    const built = isSwarm(document) ? new Set() : builtImages(document, context)
    for (const { name, service, path, image } of eachService(document.data)) {
      if (service.image === undefined || built.has(service.image)) continue
      const { tag, digest } = image
      if (digest !== '' || (tag !== '' && tag !== 'latest')) continue
      yield {
        path: [...path, 'image'],
        message: `${name} runs ${service.image}, which is not a fixed version`,
      }
    }
  },
}
