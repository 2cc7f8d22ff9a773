import type { Rule } from '@erlmcp/core'
import { expressionsOf, nodesIn, pathsIn } from '../../model/expressions.ts'
import { jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

export const resultsOfSkipped: Rule<WorkflowFile> = {
  id: 'workflow/results-of-skipped',
  kind: 'breaks',
  summary: 'Job that checks results, but is skipped after a failure',
  why: 'A job is skipped when a job that it needs fails, and a skipped check counts as success: the pull request can be merged.',
  hint: 'Set `if: always()`.',
  references: ['GitHub docs, "Required status checks"'],
  bad: withJobs({
    test: { 'runs-on': 'ubuntu-24.04' },
    gate: {
      'runs-on': 'ubuntu-24.04',
      needs: 'test',
      steps: [{ run: 'test "$R" = success', env: { R: '${{ needs.test.result }}' } }],
    },
  }),
  good: withJobs({
    test: { 'runs-on': 'ubuntu-24.04' },
    gate: {
      'runs-on': 'ubuntu-24.04',
      needs: 'test',
      if: 'always()',
      steps: [{ run: 'test "$R" = success', env: { R: '${{ needs.test.result }}' } }],
    },
  }),
  *check({ data }) {
    const judges = new Set<string>()
    const runsAnyway = new Set<string>()
    for (const { path, node } of expressionsOf(data)) {
      if (path[0] !== 'jobs' || !node) continue
      const id = String(path[1])
      const results = pathsIn(node).some(
        ([context, , key]) => context === 'needs' && key === 'result',
      )
      if (results) judges.add(id)
      const calls = [...nodesIn(node)].flatMap((one) => (one.kind === 'call' ? [one.name] : []))
      const status = calls.some((name) => /^(?:always|cancelled|failure)$/i.test(name))
      if (path[2] === 'if' && status) runsAnyway.add(id)
    }
    for (const { id, path } of jobsOf(data)) {
      if (!judges.has(id) || runsAnyway.has(id)) continue
      yield {
        path,
        message: `the job ${id} checks results, but is skipped after a failure`,
      }
    }
  },
}
