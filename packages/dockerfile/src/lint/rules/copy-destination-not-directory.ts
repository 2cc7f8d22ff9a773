import type { Rule } from '@erlmcp/core'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { literalOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const copyDestinationNotDirectory: Rule<Dockerfile> = {
  id: 'dockerfile/copy-destination-not-directory',
  kind: 'invalid',
  summary: 'Several sources with a destination that is not a directory',
  why: 'The builder rejects it: the destination of several sources must end with a slash.',
  hint: 'End the destination with a slash.',
  references: ['DL3021'],
  bad: example({
    instruction: 'COPY',
    sources: ['rebar.config', 'rebar.lock'],
    destination: '/app',
  }),
  good: example({
    instruction: 'COPY',
    sources: ['rebar.config', 'rebar.lock'],
    destination: '/app/',
  }),
  *check({ data }) {
    for (const { node, path } of each(data, 'ADD', 'COPY')) {
      const to = literalOf(node.destination)
      if (node.sources.length < 2 || to === undefined || /(?:^|\/)\.{0,2}$/.test(to)) continue
      yield {
        path: [...path, 'destination'],
        message: `${node.sources.length} sources have the destination ${to}, which does not end with a slash`,
      }
    }
  },
}
