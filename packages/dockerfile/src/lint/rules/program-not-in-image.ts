import type { Rule } from '@erlmcp/core'
import { literalWords, mayHold } from '../../model/image-content.ts'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'

export const programNotInImage: Rule<Dockerfile> = {
  id: 'dockerfile/program-not-in-image',
  kind: 'breaks',
  summary: 'A program that is not in the image',
  why: 'The container does not start, or is never healthy: no such file or directory.',
  hint: 'Copy it into the stage, or correct the path.',
  references: ['Dockerfile reference ENTRYPOINT'],
  bad: {
    args: [],
    stages: [
      {
        name: 'runtime',
        from: 'debian:13.1-slim',
        instructions: [
          { instruction: 'COPY', sources: ['apps'], destination: '/opt/app/' },
          { instruction: 'ENTRYPOINT', command: ['/opt/scripts/start-cluster.sh'] },
        ],
      },
    ],
  },
  good: {
    args: [],
    stages: [
      {
        name: 'runtime',
        from: 'debian:13.1-slim',
        instructions: [
          { instruction: 'COPY', sources: ['apps'], destination: '/opt/app/' },
          { instruction: 'ENTRYPOINT', command: ['/opt/app/start-cluster.sh'] },
        ],
      },
    ],
  },
  *check({ data }) {
    for (const { node, path, at } of each(data, 'CMD', 'ENTRYPOINT', 'HEALTHCHECK')) {
      const program = literalWords(node.command)[0]
      if (program === undefined || !program.startsWith('/') || path.includes('trigger')) continue
      if (mayHold(data, at[0], program)) continue
      yield {
        path: [...path, 'command'],
        message: `${node.instruction} runs ${program}, which no COPY, ADD or RUN of the stage creates`,
      }
    }
  },
}
