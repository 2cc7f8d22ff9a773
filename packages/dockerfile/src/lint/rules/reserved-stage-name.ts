import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'

export const reservedStageName: Rule<Dockerfile> = {
  id: 'dockerfile/reserved-stage-name',
  kind: 'breaks',
  summary: 'A stage with a reserved name',
  why: '`scratch` means the empty image and `context` the build context, whatever a stage is named.',
  hint: 'Rename the stage.',
  references: ['BuildKit ReservedStageName'],
  bad: { args: [], stages: [{ name: 'scratch', from: 'debian:13.1-slim', instructions: [] }] },
  good: { args: [], stages: [{ name: 'empty', from: 'scratch', instructions: [] }] },
  *check({ data }) {
    for (const [s, { name }] of data.stages.entries()) {
      if (!['scratch', 'context'].includes(name?.toLowerCase() ?? '')) continue
      yield { path: ['stages', s, 'name'], message: `stage name ${name} is reserved` }
    }
  },
}
