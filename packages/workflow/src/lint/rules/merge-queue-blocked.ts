import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../model/example.ts'
import { eventsOf } from '../model/jobs.ts'

export const mergeQueueBlocked: Rule<WorkflowFile> = {
  id: 'workflow/merge-queue-blocked',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A merge queue that waits for ever',
  why: 'A required check that does not run for merge_group never comes, and the queue stands.',
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
    const message = 'a pull request that touches none of these paths waits for its checks for ever'
    yield { path: ['on', 'pull_request', key], message }
  },
}
