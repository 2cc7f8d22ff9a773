import { posix } from 'node:path'
import type { Rule } from '@erlmcp/core'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const copyMissingFile: Rule<Dockerfile> = {
  id: 'dockerfile/copy-missing-file',
  kind: 'breaks',
  summary: 'COPY of a file that the project does not have',
  why: 'The build fails at this instruction.',
  hint: 'Correct the path, which is relative to the build context, or create the file. erlangImage copies the paths of `sources` and `dependencyFiles`.',
  references: ['Dockerfile reference COPY'],
  bad: example({ instruction: 'COPY', sources: ['scripts/start.sh'], destination: '/app/' }),
  good: example({ instruction: 'COPY', sources: ['rebar.config'], destination: '/app/' }),
  *check({ data }, context) {
    for (const { node, path } of each(data, 'COPY')) {
      if (node.from !== undefined || path.includes('trigger')) continue
      for (const [n, source] of node.sources.entries()) {
        if (typeof source !== 'string' || /[*?[\\]/.test(source)) continue
        const file = posix.join(data.context ?? '.', source.replace(/^\/+/, '') || '.')
        if (file.startsWith('..') || context.exists(file) !== 'none') continue
        yield { path: [...path, 'sources', n], message: `${file} does not exist` }
      }
    }
  },
}
