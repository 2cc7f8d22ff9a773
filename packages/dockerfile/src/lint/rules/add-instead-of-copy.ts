import type { Rule } from '@erlmcp/core'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const addInsteadOfCopy: Rule<Dockerfile> = {
  id: 'dockerfile/add-instead-of-copy',
  kind: 'wasteful',
  summary: 'ADD of files of the build context',
  why: 'ADD also unpacks archives and downloads: renaming a file changes its effect.',
  hint: 'Use `copy`.',
  references: ['DL3020', 'CIS Docker 4.9', 'Trivy DS-0005'],
  bad: example({ instruction: 'ADD', sources: ['apps'], destination: '/app/' }),
  good: example({ instruction: 'COPY', sources: ['apps'], destination: '/app/' }),
  *check({ data }) {
    for (const { node, path } of each(data, 'ADD')) {
      const plain = node.sources.every((one) => typeof one === 'string' && !special.test(one))
      if (!plain) continue
      yield { path, message: `ADD ${node.sources.join(' ')} copies files of the build context` }
    }
  },
}

const special =
  /^(?:https?|git|ssh):|^git@|\.git(?:#|$)|\.(?:tar|tgz|tbz2?|txz|tzst|tar\.\w+)$|[*?]/
