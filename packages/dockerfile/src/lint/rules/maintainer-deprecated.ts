import type { Rule } from '@erlmcp/core'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const maintainerDeprecated: Rule<Dockerfile> = {
  id: 'dockerfile/maintainer-deprecated',
  kind: 'deprecated',
  summary: 'MAINTAINER is deprecated',
  why: 'Tools read the label, and a later frontend may reject the instruction.',
  hint: 'Use the label org.opencontainers.image.authors.',
  references: ['BuildKit MaintainerDeprecated', 'DL4000'],
  bad: example({ instruction: 'MAINTAINER', name: 'someone' }),
  good: example({
    instruction: 'LABEL',
    pairs: [{ name: 'org.opencontainers.image.authors', value: 'someone' }],
  }),
  *check({ data }) {
    for (const { node, path } of each(data, 'MAINTAINER')) {
      yield { path, message: `MAINTAINER ${node.name} is deprecated` }
    }
  },
}
