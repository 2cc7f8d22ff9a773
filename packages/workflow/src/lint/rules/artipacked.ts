import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withSteps } from '../model/example.ts'
import { inputOf, usesOf } from '../model/jobs.ts'

export const artipacked: Rule<WorkflowFile> = {
  id: 'workflow/artipacked',
  kind: 'insecure',
  summary: 'A checkout that leaves its credentials behind',
  why: 'Every later step can read the token in .git/config, and so can who downloads an artifact of the folder.',
  hint: 'Say `persist-credentials: false`.',
  references: ['zizmor artipacked'],
  bad: withSteps({ uses: `actions/checkout@${commit}` }),
  good: withSteps({ uses: `actions/checkout@${commit}`, with: { 'persist-credentials': false } }),
  *check({ data }) {
    for (const place of usesOf(data)) {
      if (place.uses.action !== 'actions/checkout') continue
      if (String(inputOf(place, 'persist-credentials')) === 'false') continue
      const { path, job } = place
      const message = `a checkout of the job ${job.id} leaves its token behind`
      yield { path: [...path, 'uses'], message }
    }
  },
}
