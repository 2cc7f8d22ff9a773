import type { Rule } from '@erlmcp/core'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const invalidLabelName: Rule<Dockerfile> = {
  id: 'dockerfile/invalid-label-name',
  kind: 'breaks',
  severity: 'note',
  summary: 'A label name against the conventions',
  why: 'Tools do not find it, and names without a domain collide.',
  hint: 'Use lower-case letters, digits, dots and dashes, such as org.opencontainers.image.title.',
  references: ['DL3048', 'Docker object labels'],
  bad: example({ instruction: 'LABEL', pairs: [{ name: 'My..Label_', value: 'x' }] }),
  good: example({
    instruction: 'LABEL',
    pairs: [{ name: 'org.opencontainers.image.title', value: 'x' }],
  }),
  *check({ data }) {
    for (const { node, path } of each(data, 'LABEL')) {
      for (const [n, { name }] of node.pairs.entries()) {
        const reserved = /^(?:com\.docker|io\.docker|org\.dockerproject)\./.test(name)
        if (!reserved && /^[a-z](?:[a-z0-9]|[._-](?=[a-z0-9]))*$/.test(name)) continue
        yield {
          path: [...path, 'pairs', n],
          message: reserved
            ? `${name} is reserved for Docker`
            : `${name} is not a conventional label name`,
        }
      }
    }
  },
}
