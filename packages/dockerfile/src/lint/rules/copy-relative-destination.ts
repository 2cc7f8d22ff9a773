import type { Rule } from '@erlmcp/core'
import { each, history } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { literalOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const copyRelativeDestination: Rule<Dockerfile> = {
  id: 'dockerfile/copy-relative-destination',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A relative destination without a WORKDIR',
  why: 'The files are copied into the working directory of the base image, which may change.',
  hint: 'Set a WORKDIR above, or use an absolute destination.',
  references: ['DL3045'],
  bad: example({ instruction: 'COPY', sources: ['apps'], destination: 'apps/' }),
  good: example(
    { instruction: 'WORKDIR', path: '/build' },
    { instruction: 'COPY', sources: ['apps'], destination: 'apps/' },
  ),
  *check({ data }) {
    for (const { node, path, at } of each(data, 'ADD', 'COPY')) {
      const to = literalOf(node.destination)
      if (to === undefined || /^(?:\/|[A-Za-z]:)/.test(to)) continue
      if (history(data, at).some((one) => one.instruction === 'WORKDIR')) continue
      yield {
        path: [...path, 'destination'],
        message: `${node.instruction} has the relative destination ${to} without a WORKDIR`,
      }
    }
  },
}
