import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'
import { ignoreFilesOf } from '../model/ignore-file.ts'
import { each } from '../model/walk.ts'

export const missingIgnoreFile: Rule<Dockerfile> = {
  id: 'dockerfile/missing-ignore-file',
  kind: 'insecure',
  summary: 'The whole project goes into the build',
  why: 'Secrets, .git and build output are sent to the builder and copied into a layer, and each of their changes rebuilds it.',
  hint: 'Write a .dockerignore beside the build context, or name what is to be copied.',
  references: ['Dockerfile reference .dockerignore'],
  bad: example({ instruction: 'COPY', sources: ['.'], destination: '/app' }),
  good: example({ instruction: 'COPY', sources: ['apps', 'rebar.config'], destination: '/app/' }),
  *check({ data, path: file }, around) {
    const missing = ignoreFilesOf(file, data.context ?? '.').every(
      (one) => around.exists(one) === 'none',
    )
    if (!missing) return
    for (const { node, path } of each(data, 'ADD', 'COPY')) {
      if (node.instruction === 'COPY' && node.from !== undefined) continue
      const n = node.sources.findIndex((one) => one === '.' || one === './' || one === '/')
      if (n < 0) continue
      yield {
        path: [...path, 'sources', n],
        message: 'everything is copied, and there is no .dockerignore',
      }
    }
  },
}
