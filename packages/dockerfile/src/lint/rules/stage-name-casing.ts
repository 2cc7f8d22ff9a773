import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'

export const stageNameCasing: Rule<Dockerfile> = {
  id: 'dockerfile/stage-name-casing',
  kind: 'wasteful',
  severity: 'note',
  summary: 'A stage name with capitals',
  why: 'The builder lower-cases names, so two spellings mean the same stage.',
  hint: 'Write the name in lower case.',
  references: ['BuildKit StageNameCasing'],
  bad: { args: [], stages: [{ name: 'Builder', from: 'debian:13.1-slim', instructions: [] }] },
  good: { args: [], stages: [{ name: 'builder', from: 'debian:13.1-slim', instructions: [] }] },
  *check({ data }) {
    for (const [s, { name }] of data.stages.entries()) {
      if (name === undefined || name === name.toLowerCase()) continue
      yield { path: ['stages', s, 'name'], message: `stage name ${name} has capitals` }
    }
  },
}
