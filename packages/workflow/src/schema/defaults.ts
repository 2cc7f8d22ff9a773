import { schema } from '@erlmcp/core'
import { key, node, union } from './facts.ts'
import { booleanLike, orExpression, text, value } from './scalars.ts'

const { nil, oneOf, string } = schema

export const concurrencyGroup = node(
  'Concurrency',
  'Runs of one group run one at a time.',
  {
    group: key(text, 'Name of the group.'),
    'cancel-in-progress': key(booleanLike, 'Whether a new run cancels the running one.', {
      default: '`false`',
    }),
    queue: key(orExpression(oneOf('single', 'max')), 'How many runs wait: the latest, or all.', {
      default: '`single`',
    }),
  },
  { required: ['group'] },
)

export const concurrency = key(
  union(concurrencyGroup, text),
  'Its group, where runs exclude each other.',
)

export const runDefaults = node('RunDefaults', 'Defaults of `run` steps.', {
  shell: key(string, 'Their shell.', { author: { schema: value, type: 'Value' } }),
  'working-directory': key(text, 'Their folder.', { author: { schema: value, type: 'Value' } }),
})

export const defaults = node('Defaults', 'What `run` steps begin with.', {
  run: key(union(runDefaults, nil), 'Defaults of `run` steps.', {
    author: { type: 'RunDefaultsSpec' },
  }),
})
