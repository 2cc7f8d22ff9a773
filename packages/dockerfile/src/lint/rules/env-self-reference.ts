import type { Rule } from '@erlmcp/core'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { variablesOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const envSelfReference: Rule<Dockerfile> = {
  id: 'dockerfile/env-self-reference',
  kind: 'breaks',
  summary: 'A variable is used in the ENV that sets it',
  why: 'All values of one ENV are expanded before any of them is set, so the value is the old one or empty.',
  hint: 'Split the ENV in two.',
  references: ['DL3044'],
  bad: example({
    instruction: 'ENV',
    pairs: [
      { name: 'ROOT', value: '/opt/app' },
      { name: 'BIN', value: { parts: [{ variable: 'ROOT' }, '/bin'] } },
    ],
  }),
  good: example(
    { instruction: 'ENV', pairs: [{ name: 'ROOT', value: '/opt/app' }] },
    {
      instruction: 'ENV',
      pairs: [{ name: 'BIN', value: { parts: [{ variable: 'ROOT' }, '/bin'] } }],
    },
  ),
  *check({ data }) {
    for (const { node, path } of each(data, 'ENV')) {
      for (const [n, { name, value }] of node.pairs.entries()) {
        const own = [...variablesOf(value)].find(({ variable }) =>
          node.pairs.some((other) => other.name === variable && other.name !== name),
        )
        if (own === undefined) continue
        yield {
          path: [...path, 'pairs', n],
          message: `${name} uses ${own.variable}, which is set in the same ENV`,
        }
      }
    }
  },
}
