import type { Rule } from '@erlmcp/core'
import { ignoreFilesOf } from '../../model/ignore-file.ts'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const missingIgnoreFile: Rule<Dockerfile> = {
  id: 'dockerfile/missing-ignore-file',
  kind: 'insecure',
  summary: 'COPY of the whole project without an ignore file',
  why: 'The builder receives secrets, .git and build output and copies them into a layer, and each change to them rebuilds it.',
  hint: 'Create a .dockerignore in the build context, or list the paths to copy.',
  references: ['Dockerfile reference .dockerignore'],
  bad: example({ instruction: 'COPY', sources: ['.'], destination: '/app' }),
  good: example({ instruction: 'COPY', sources: ['apps', 'rebar.config'], destination: '/app/' }),
  *check({ data, path: file }, context) {
    const missing = ignoreFilesOf(file, data.context ?? '.').every(
      (one) => context.exists(one) === 'none',
    )
    if (!missing) return
    for (const { node, path } of each(data, 'ADD', 'COPY')) {
      if (node.instruction === 'COPY' && node.from !== undefined) continue
      const n = node.sources.findIndex((one) => one === '.' || one === './' || one === '/')
      if (n < 0) continue
      yield {
        path: [...path, 'sources', n],
        message: 'the whole project is copied without a .dockerignore',
      }
    }
  },
}
