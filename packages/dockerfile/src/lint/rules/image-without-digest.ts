import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { images, versionOf } from '../model/walk.ts'

export const imageWithoutDigest: Rule<Dockerfile> = {
  id: 'dockerfile/image-without-digest',
  kind: 'breaks',
  severity: 'note',
  summary: 'An image that is pinned by a tag alone',
  why: 'Its publisher can put another image under the tag, and two builds of one commit differ.',
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
      const { tag, digest } = versionOf(name)
      if (digest !== undefined || tag === undefined || tag === 'latest') continue
      yield { path, message: `${name} has no digest` }
    }
  },
}
