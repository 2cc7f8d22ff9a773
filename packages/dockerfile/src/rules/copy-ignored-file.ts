import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../document.ts'
import { ignoredBy, ignorePatterns } from '../ignore-file.ts'
import { each } from '../walk.ts'
import { example } from './example.ts'

export const copyIgnoredFile: Rule<Dockerfile> = {
  id: 'dockerfile/copy-ignored-file',
  kind: 'breaks',
  summary: 'COPY of a file that the ignore file keeps out of the build',
  why: 'The builder never gets the file, and the build fails or copies less than it says.',
  help: 'Take the line out of the ignore file, or the file out of the COPY.',
  references: ['BuildKit CopyIgnoredFile'],
  bad: example({ instruction: 'COPY', sources: ['_build/prod'], destination: '/app' }),
  good: example({ instruction: 'COPY', sources: ['apps'], destination: '/app/' }),
  *check({ data, path: file }, around) {
    const patterns = ignorePatterns(file, data.context ?? '.', around.documents)
    for (const { node, path } of each(data, 'ADD', 'COPY')) {
      if (node.instruction === 'COPY' && node.from !== undefined) continue
      for (const [n, source] of node.sources.entries()) {
        if (typeof source !== 'string' || /^(?:https?|git|ssh):|^git@/.test(source)) continue
        const pattern = ignoredBy(source, patterns)
        if (pattern === undefined) continue
        yield {
          path: [...path, 'sources', n],
          message: `${source} is kept out of the build by the line ${JSON.stringify(pattern)} of the ignore file`,
        }
      }
    }
  },
}
