import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../../model/each-service.ts'
import { builtImages } from '../../model/other-files.ts'

export const imageWithoutDigest: Rule<ComposeFile> = {
  id: 'compose/image-without-digest',
  kind: 'insecure',
  severity: 'note',
  summary: 'Image without a digest',
  why: 'A tag can be moved to another image.',
  hint: 'Append `@sha256:…` to the tag.',
  references: ['CIS Docker 4.2'],
  bad: { services: { db: { image: 'postgres:17.2' } } },
  good: {
    services: {
      db: {
        image:
          'postgres:17.2@sha256:2f9a36ee6a9c1ea5ea9dc0f9a0c4d5a1e0c3e8a7f5b60d6c1c2f1d7c8a9b0e1f',
      },
    },
  },
  *check(document, context) {
    const built = builtImages(document, context)
    for (const { name, service, path, image } of servicesWith(document.data, 'image')) {
      // What the stack builds has no digest yet.
      if (service.image === undefined || built.has(service.image)) continue
      const { tag, digest } = image
      // An image without a tag is reported by image-without-tag.
      if (digest !== '' || tag === '' || tag === 'latest') continue
      yield { path: [...path, 'image'], message: `${name} runs ${service.image} without a digest` }
    }
  },
}
