import type { Rule } from '@erlmcp/core'
import { jobsOf, needsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

export const needsJobUndefined: Rule<WorkflowFile> = {
  id: 'workflow/needs-job-undefined',
  kind: 'invalid',
  summary: 'Need of a missing job',
  why: 'GitHub rejects the file.',
  hint: 'Fix the name, or add the job.',
  references: ['actionlint job-needs'],
  bad: withJobs({ test: { 'runs-on': 'ubuntu-24.04', needs: 'biuld' } }),
  good: withJobs({
    build: { 'runs-on': 'ubuntu-24.04' },
    test: { 'runs-on': 'ubuntu-24.04', needs: 'build' },
  }),
  *check({ data }) {
    const ids = new Set(jobsOf(data).map(({ id }) => id.toLowerCase()))
    for (const { id, job, path } of jobsOf(data)) {
      for (const need of needsOf(job)) {
        if (ids.has(need.toLowerCase())) continue
        yield {
          path: [...path, 'needs'],
          message: `the job ${id} needs the missing job ${need}`,
        }
      }
    }
  },
}
