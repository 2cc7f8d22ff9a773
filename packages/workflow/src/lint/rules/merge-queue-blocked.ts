import type { Rule } from '@erlmcp/core'
import { eventsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

export const mergeQueueBlocked: Rule<WorkflowFile> = {
  id: 'workflow/merge-queue-blocked',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Path filter that blocks a merge queue',
  why: 'A required check that is skipped by a path filter stays pending, and the merge queue waits for it.',
  hint: 'Filter by paths within a job, or not at all, in a workflow of a merge queue.',
  references: ['GitHub docs, "Troubleshooting required status checks"'],
  bad: {
    ...withJob({}),
    on: { pull_request: { paths: ['src/**'] }, merge_group: null },
  },
  good: { ...withJob({}), on: { pull_request: null, merge_group: null } },
  *check({ data }) {
    const events = eventsOf(data)
    const filters = events.get('pull_request') ?? {}
    const key = ['paths', 'paths-ignore'].find((name) => filters[name] !== undefined)
    if (!events.has('merge_group') || key === undefined) return
    const message = 'a pull request that changes none of these paths waits for its checks forever'
    yield { path: ['on', 'pull_request', key], message }
  },
}
