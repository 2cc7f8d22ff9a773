import type { Rule } from '@erlmcp/core'
import { jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const localActionBeforeCheckout: Rule<WorkflowFile> = {
  id: 'workflow/local-action-before-checkout',
  kind: 'breaks',
  summary: 'Local action before the checkout',
  why: 'The step fails: the folder does not exist yet.',
  hint: 'Add a checkout before it, or use the prefix $/, which needs none.',
  references: ['zizmor self-repository'],
  bad: withSteps({ uses: './.github/actions/setup' }),
  good: withSteps({ uses: '$/.github/actions/setup' }),
  *check({ data }) {
    for (const { steps } of jobsOf(data)) {
      let isCheckedOut = false
      for (const { step, path } of steps) {
        const uses = String(step.uses ?? '')
        // A script may check it out.
        if (step.run !== undefined || uses.toLowerCase().startsWith('actions/checkout@'))
          isCheckedOut = true
        if (isCheckedOut || !uses.startsWith('./')) continue
        yield { path: [...path, 'uses'], message: `${uses} does not exist before a checkout` }
      }
    }
  },
}
