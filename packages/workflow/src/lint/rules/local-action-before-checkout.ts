import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../model/example.ts'
import { jobsOf } from '../model/jobs.ts'

export const localActionBeforeCheckout: Rule<WorkflowFile> = {
  id: 'workflow/local-action-before-checkout',
  kind: 'breaks',
  summary: 'An action of the repository before the repository is there',
  why: 'The step fails: there is no such folder yet.',
  hint: 'Put a checkout before it, or name it with $/, which needs none.',
  references: ['zizmor self-repository'],
  bad: withSteps({ uses: './.github/actions/setup' }),
  good: withSteps({ uses: '$/.github/actions/setup' }),
  *check({ data }) {
    for (const { steps } of jobsOf(data)) {
      let isThere = false
      for (const { step, path } of steps) {
        const uses = String(step.uses ?? '')
        // Any script, or action that is not known, may bring it.
        if (step.run !== undefined || uses.toLowerCase().startsWith('actions/checkout@'))
          isThere = true
        if (isThere || !uses.startsWith('./')) continue
        yield { path: [...path, 'uses'], message: `${uses} is not there before a checkout` }
      }
    }
  },
}
