import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../model/example.ts'
import { jobsOf } from '../model/jobs.ts'

export const timeoutMissing: Rule<WorkflowFile> = {
  id: 'workflow/timeout-missing',
  kind: 'wasteful',
  summary: 'A job without an end',
  why: 'One that hangs runs for six hours, and holds a machine and the merge queue.',
  hint: 'Say `timeout-minutes`.',
  references: ['Scorecard CI-Tests'],
  bad: withJob({ steps: [{ run: 'make' }] }),
  good: withJob({ 'timeout-minutes': 10, steps: [{ run: 'make' }] }),
  *check({ data }) {
    for (const { id, job, path, steps } of jobsOf(data)) {
      if (job.uses !== undefined || job['timeout-minutes'] !== undefined || steps.length === 0)
        continue
      // Where every step has its own end, so has the job.
      if (steps.every(({ step }) => step['timeout-minutes'] !== undefined)) continue
      yield { path, message: `the job ${id} ends after six hours if it hangs` }
    }
  },
}
