import { parseImageReference, type Rule } from '@erlmcp/core'
import { withDefaults } from '../../model/variables.ts'
import { images } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { literalOf } from '../../values/text.ts'

export const unpinnedImage: Rule<Dockerfile> = {
  id: 'dockerfile/unpinned-image',
  kind: 'breaks',
  summary: 'An image without a version',
  why: 'The image changes over time: builds differ, and break without a change of yours.',
  hint: 'Name a version or, better, a digest.',
  references: ['DL3006', 'DL3007', 'Trivy DS-0001', 'CIS Docker 4.2'],
  bad: { args: [], stages: [{ name: 'app', from: 'debian:latest', instructions: [] }] },
  good: { args: [], stages: [{ name: 'app', from: 'debian:13.1-slim', instructions: [] }] },
  *check({ data }) {
    for (const { name, path } of images(data)) {
      const { tag, digest } = parseImageReference(name)
      if (digest !== '' || (tag !== '' && tag !== 'latest')) continue
      yield {
        path,
        message: tag
          ? `the tag of ${name} changes over time`
          : `${name} has no tag, which means latest`,
      }
    }
    for (const [s, { from }] of data.stages.entries()) {
      if (literalOf(from) !== undefined) continue
      const name = withDefaults(data, from)
      if (name === undefined || !/^[a-z0-9][^\s:]*(?::latest)?$/.test(name)) continue
      yield {
        path: ['stages', s, 'from'],
        message: `without build arguments the image is ${name}, which changes over time`,
      }
    }
  },
}
