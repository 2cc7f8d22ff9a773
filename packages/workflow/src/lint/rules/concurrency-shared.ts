import type { Rule } from '@erlmcp/core'
import { expressionsOf, pathsIn } from '../../model/expressions.ts'
import { eventsOf, isMap } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

// Events whose runs belong to the default branch, and the properties that identify their subject.
const subjects: Readonly<Record<string, RegExp>> = {
  issues: /^github\.event\.issue\./,
  issue_comment: /^github\.event\.(?:issue|comment)\./,
  discussion: /^github\.event\.discussion\./,
  discussion_comment: /^github\.event\.(?:discussion|comment)\./,
  pull_request_target: /^github\.(?:head_ref$|event\.(?:number$|pull_request\.))/,
  workflow_run: /^github\.event\.workflow_run\./,
}

const unique = /^github\.(?:run_id|run_number)$/

export const concurrencyShared: Rule<WorkflowFile> = {
  id: 'workflow/concurrency-shared',
  kind: 'breaks',
  severity: 'warning',
  summary: 'One concurrency group for unrelated runs',
  why: 'These runs all belong to the default branch: in a group by github.ref each replaces the previous one, which is about another issue or pull request.',
  hint: 'Add the subject of the event to the group: github.event.issue.number, github.event.pull_request.number, or github.run_id.',
  references: ['Workflow syntax, concurrency'],
  bad: {
    ...withJob({}),
    on: 'issue_comment',
    concurrency: { group: '${{ github.workflow }}-${{ github.ref }}' },
  },
  good: {
    ...withJob({}),
    on: 'issue_comment',
    concurrency: { group: '${{ github.workflow }}-${{ github.event.issue.number }}' },
  },
  *check({ data }) {
    const group = isMap(data.concurrency) ? data.concurrency.group : data.concurrency
    // One group for everything is an intended lock.
    if (typeof group !== 'string' || !/github\.ref\b|github\.ref_name\b/.test(group)) return
    const paths = expressionsOf(data)
      .filter(({ path }) => path[0] === 'concurrency' && path[1] !== 'cancel-in-progress')
      .flatMap(({ node }) => (node ? pathsIn(node).map((path) => path.join('.')) : []))
    if (paths.some((path) => unique.test(path))) return
    for (const event of eventsOf(data).keys()) {
      const subject = subjects[event]
      if (!subject || paths.some((path) => subject.test(path))) continue
      const path = isMap(data.concurrency) ? ['concurrency', 'group'] : ['concurrency']
      yield { path, message: `all runs of ${event} share one group: ${group}` }
    }
  },
}
