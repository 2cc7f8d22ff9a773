import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../document.ts'
import { withSteps } from '../model/example.ts'
import { stepsOf } from '../model/jobs.ts'

export const parallelNested: Rule<WorkflowFile> = {
  id: 'workflow/parallel-nested',
  kind: 'invalid',
  summary: 'A step in parallel that cannot be there',
  why: 'GitHub refuses the file.',
  hint: 'In parallel stand steps that run a script or an action, without `background`.',
  references: ['Workflow syntax, steps.parallel'],
  bad: withSteps({ parallel: [{ run: 'make', id: 'a', background: true } as never] }),
  good: withSteps({ parallel: [{ run: 'make', id: 'a' }] }),
  *check({ data }) {
    for (const { step, path } of stepsOf(data)) {
      if (!path.includes('parallel')) continue
      const key = ['background', 'parallel', 'wait', 'wait-all', 'cancel'].find(
        (one) => one in step,
      )
      if (key !== undefined) yield { path, message: `${key} stands within parallel` }
    }
  },
}
