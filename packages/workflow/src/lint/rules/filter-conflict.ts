import type { Rule } from '@erlmcp/core'
import { eventsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const filterConflict: Rule<WorkflowFile> = {
  id: 'workflow/filter-conflict',
  kind: 'invalid',
  summary: 'Filter with its opposite',
  why: 'GitHub rejects the file.',
  hint: 'Keep one, and add exceptions to it: `!docs/**`.',
  references: ['actionlint events'],
  bad: {
    ...withSteps({ run: 'make' }),
    on: { push: { branches: ['main'], 'branches-ignore': ['wip/**'] } },
  },
  good: { ...withSteps({ run: 'make' }), on: { push: { branches: ['main', '!wip/**'] } } },
  *check({ data }) {
    for (const [event, filters] of eventsOf(data)) {
      for (const key of ['branches', 'tags', 'paths']) {
        if (filters[key] === undefined || filters[`${key}-ignore`] === undefined) continue
        yield { path: ['on', event, key], message: `${event} has both ${key} and ${key}-ignore` }
      }
    }
  },
}
