import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../model/example.ts'
import { jobsOf } from '../model/jobs.ts'

const name = /^(?!__)[A-Za-z_][\w-]{0,98}$/

export const idInvalid: Rule<WorkflowFile> = {
  id: 'workflow/id-invalid',
  kind: 'invalid',
  summary: 'An id with a character that it cannot have',
  why: 'GitHub refuses the file.',
  hint: 'Use up to 99 letters, digits, dashes and underscores, beginning with a letter or one underscore.',
  references: ['actionlint id'],
  bad: withJobs({ 'unit tests': { 'runs-on': 'ubuntu-24.04' } }),
  good: withJobs({ unit_tests: { 'runs-on': 'ubuntu-24.04' } }),
  *check({ data }) {
    for (const { id, path, steps } of jobsOf(data)) {
      if (!name.test(id)) yield { path, message: `${JSON.stringify(id)} cannot be the id of a job` }
      for (const { step, path: at } of steps) {
        const said = step.id === undefined ? undefined : String(step.id)
        // An expression in an id is refused for another reason.
        if (said === undefined || name.test(said)) continue
        yield { path: [...at, 'id'], message: `${JSON.stringify(said)} cannot be the id of a step` }
      }
    }
  },
}
