import type { Rule } from '@erlmcp/core'
import { jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const duplicateStepId: Rule<WorkflowFile> = {
  id: 'workflow/duplicate-step-id',
  kind: 'invalid',
  summary: 'Duplicate id of a step',
  why: 'GitHub rejects the file; ids are case-insensitive.',
  hint: 'Rename one of the steps.',
  references: ['actionlint id'],
  bad: withSteps({ run: 'a', id: 'x' }, { run: 'b', id: 'X' }),
  good: withSteps({ run: 'a', id: 'x' }, { run: 'b', id: 'y' }),
  *check({ data }) {
    for (const { id, steps } of jobsOf(data)) {
      const seen = new Set<string>()
      for (const { step, path } of steps) {
        if (step.id === undefined) continue
        const name = String(step.id).toLowerCase()
        if (seen.has(name)) {
          yield {
            path: [...path, 'id'],
            message: `duplicate step id ${step.id} in the job ${id}`,
          }
        }
        seen.add(name)
      }
    }
  },
}
