import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { partsOf } from '../../values/text.ts'

export const redundantTargetPlatform: Rule<Dockerfile> = {
  id: 'dockerfile/redundant-target-platform',
  kind: 'wasteful',
  severity: 'note',
  summary: 'FROM sets the default platform',
  why: 'TARGETPLATFORM is the default.',
  hint: 'Remove the platform.',
  references: ['BuildKit RedundantTargetPlatform'],
  bad: {
    args: [],
    stages: [
      {
        name: 'app',
        from: 'debian:13.1-slim',
        platform: { variable: 'TARGETPLATFORM' },
        instructions: [],
      },
    ],
  },
  good: {
    args: [],
    stages: [
      {
        name: 'app',
        from: 'debian:13.1-slim',
        platform: { variable: 'BUILDPLATFORM' },
        instructions: [],
      },
    ],
  },
  *check({ data }) {
    for (const [s, { platform }] of data.stages.entries()) {
      const [part, more] = partsOf(platform ?? '')
      if (typeof part !== 'object' || more !== undefined) continue
      if (part.variable !== 'TARGETPLATFORM' || part.modifier !== undefined) continue
      yield {
        path: ['stages', s, 'platform'],
        message: 'TARGETPLATFORM is the default platform',
      }
    }
  },
}
