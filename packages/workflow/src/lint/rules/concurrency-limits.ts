import type { Rule } from '@erlmcp/core'
import { eventsOf, jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

export const concurrencyLimits: Rule<WorkflowFile> = {
  id: 'workflow/concurrency-limits',
  kind: 'wasteful',
  severity: 'note',
  summary: 'Missing concurrency limit',
  why: 'Every push to a pull request starts another run, and outdated runs continue to their end.',
  hint: 'Set `concurrency` with a group for each branch, and `cancel-in-progress`.',
  references: ['zizmor concurrency-limits'],
  bad: { ...withJob({}), on: 'pull_request' },
  good: {
    ...withJob({}),
    on: 'pull_request',
    concurrency: { group: '${{ github.workflow }}-${{ github.ref }}', 'cancel-in-progress': true },
  },
  *check({ data }) {
    if (!eventsOf(data).has('pull_request') || data.concurrency !== undefined) return
    if (jobsOf(data).every(({ job }) => job.concurrency !== undefined)) return
    yield { path: ['on'], message: 'outdated runs of a pull request are not cancelled' }
  },
}
