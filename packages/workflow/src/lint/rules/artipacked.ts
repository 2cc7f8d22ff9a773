import type { Rule } from '@erlmcp/core'
import { inputOf, usesOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withSteps } from '../example.ts'

export const artipacked: Rule<WorkflowFile> = {
  id: 'workflow/artipacked',
  kind: 'insecure',
  summary: 'Checkout that persists its credentials',
  why: 'Every later step can read the token in .git/config, and so can whatever downloads an artifact of that folder.',
  hint: 'Set `persist-credentials: false`.',
  references: ['zizmor artipacked'],
  bad: withSteps({ uses: `actions/checkout@${commit}` }),
  good: withSteps({ uses: `actions/checkout@${commit}`, with: { 'persist-credentials': false } }),
  *check({ data }) {
    for (const place of usesOf(data)) {
      if (place.uses.action !== 'actions/checkout') continue
      if (String(inputOf(place, 'persist-credentials')) === 'false') continue
      const { path, job } = place
      const message = `the checkout of the job ${job.id} persists its token`
      yield { path: [...path, 'uses'], message }
    }
  },
}
