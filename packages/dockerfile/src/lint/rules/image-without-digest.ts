import { parseImageReference, type Rule } from '@erlmcp/core'
import { images } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'

export const imageWithoutDigest: Rule<Dockerfile> = {
  id: 'dockerfile/image-without-digest',
  kind: 'breaks',
  severity: 'note',
  summary: 'An image that is pinned by its tag alone',
  why: 'The publisher can move the tag to another image, so two builds of one commit may differ.',
  hint: 'Add the digest that you have tested: name:tag@sha256:….',
  references: ['Scorecard Pinned-Dependencies'],
  bad: { args: [], stages: [{ name: 'app', from: 'debian:13.1-slim', instructions: [] }] },
  good: {
    args: [],
    stages: [
      {
        name: 'app',
        from: 'debian:13.1-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000',
        instructions: [],
      },
    ],
  },
  *check({ data }) {
    for (const { name, path } of images(data)) {
      const { tag, digest } = parseImageReference(name)
      if (digest !== '' || tag === '' || tag === 'latest') continue
      yield { path, message: `${name} has no digest` }
    }
  },
}
