import type { Rule } from '@erlmcp/core'
import { expressionsOf, pathsIn } from '../../model/expressions.ts'
import { jobsOf, stepsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const failureHidden: Rule<WorkflowFile> = {
  id: 'workflow/failure-hidden',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Hidden failure',
  why: 'The run succeeds although the job or step failed.',
  hint: 'Remove `continue-on-error`, or read the outcome in a later step and decide there.',
  references: ['Guide G4'],
  bad: withSteps({ run: 'make test', 'continue-on-error': true }),
  good: withSteps({ run: 'make test' }),
  *check({ data }) {
    const jobs = jobsOf(data).map(({ job, path, id }) => ({
      value: job,
      path,
      subject: `the job ${id}`,
    }))
    const read = new Set(
      expressionsOf(data).flatMap(({ node }) =>
        (node ? pathsIn(node) : []).flatMap(([context, id, key]) =>
          context === 'steps' && key === 'outcome' ? [id] : [],
        ),
      ),
    )
    const steps = stepsOf(data)
      .filter(({ step }) => !read.has(String(step.id).toLowerCase()))
      .map(({ step, path, job }) => ({ value: step, path, subject: `a step of the job ${job.id}` }))
    for (const { value, path, subject } of [...jobs, ...steps]) {
      if (value['continue-on-error'] !== true) continue
      yield {
        path: [...path, 'continue-on-error'],
        message: `${subject} hides its failure`,
      }
    }
  },
}
