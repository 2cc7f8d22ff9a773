import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { eachService } from './reading/each-service.ts'

export const imageWithoutTag: Rule<ComposeFile> = {
  id: 'compose/image-without-tag',
  kind: 'breaks',
  severity: 'warning',
  summary: 'An image without a fixed version',
  why: "Tomorrow's start runs something else than today's, and nobody can say what.",
  help: 'Name a version, and a digest beside it.',
  references: ['CIS Docker 5.28', 'dclint service-image-require-explicit-tag'],
  bad: { services: { app: { image: 'postgres:latest' } } },
  good: { services: { app: { image: 'postgres:17.2' } } },
  *check({ data }) {
    for (const { name, service, path, image } of eachService(data)) {
      if (service.image === undefined) continue
      const { tag, digest } = image
      if (digest !== '' || (tag !== '' && tag !== 'latest')) continue
      yield {
        path: [...path, 'image'],
        message: `${name} runs ${service.image}, whatever that is at the time`,
      }
    }
  },
}
