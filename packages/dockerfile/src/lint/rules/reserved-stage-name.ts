import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'

export const reservedStageName: Rule<Dockerfile> = {
  id: 'dockerfile/reserved-stage-name',
  kind: 'breaks',
  summary: 'A stage with the name of something else',
  why: 'FROM scratch means the empty image and context the build context, whatever stage has the name.',
  hint: 'Give the stage another name.',
  references: ['BuildKit ReservedStageName'],
  bad: { args: [], stages: [{ name: 'scratch', from: 'debian:13.1-slim', instructions: [] }] },
  good: { args: [], stages: [{ name: 'empty', from: 'scratch', instructions: [] }] },
  *check({ data }) {
    for (const [s, { name }] of data.stages.entries()) {
      if (!['scratch', 'context'].includes(name?.toLowerCase() ?? '')) continue
      yield { path: ['stages', s, 'name'], message: `${name} cannot be referred to as a stage` }
    }
  },
}
