import type { Rule } from '@erlmcp/core'
import { jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

const name = /^(?!__)[A-Za-z_][\w-]{0,98}$/

export const idInvalid: Rule<WorkflowFile> = {
  id: 'workflow/id-invalid',
  kind: 'invalid',
  summary: 'Invalid id',
  why: 'GitHub rejects the file.',
  hint: 'Use up to 99 letters, digits, dashes and underscores, beginning with a letter or one underscore.',
  references: ['actionlint id'],
  bad: withJobs({ 'unit tests': { 'runs-on': 'ubuntu-24.04' } }),
  good: withJobs({ unit_tests: { 'runs-on': 'ubuntu-24.04' } }),
  *check({ data }) {
    for (const { id, path, steps } of jobsOf(data)) {
      if (!name.test(id)) yield { path, message: `invalid id ${JSON.stringify(id)} of a job` }
      for (const { step, path: at } of steps) {
        const own = step.id === undefined ? undefined : String(step.id)
        if (own === undefined || name.test(own)) continue
        yield { path: [...at, 'id'], message: `invalid id ${JSON.stringify(own)} of a step` }
      }
    }
  },
}
