import type { Rule } from '@erlmcp/core'
import { jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

export const timeoutMissing: Rule<WorkflowFile> = {
  id: 'workflow/timeout-missing',
  kind: 'wasteful',
  summary: 'Missing timeout',
  why: 'A job that hangs runs for six hours, and occupies a runner and the merge queue.',
  hint: 'Set `timeout-minutes`.',
  references: ['Scorecard CI-Tests'],
  bad: withJob({ steps: [{ run: 'make' }] }),
  good: withJob({ 'timeout-minutes': 10, steps: [{ run: 'make' }] }),
  *check({ data }) {
    for (const { id, job, path, steps } of jobsOf(data)) {
      if (job.uses !== undefined || job['timeout-minutes'] !== undefined || steps.length === 0)
        continue
      // Timeouts of all steps limit the job.
      if (steps.every(({ step }) => step['timeout-minutes'] !== undefined)) continue
      yield { path, message: `the job ${id} has no timeout` }
    }
  },
}
