import type { Rule } from '@erlmcp/core'
import { expressionsOf, pathsIn } from '../../model/expressions.ts'
import { jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const stepUndefined: Rule<WorkflowFile> = {
  id: 'workflow/step-undefined',
  kind: 'breaks',
  summary: 'Undefined step in an expression',
  why: 'GitHub evaluates it to an empty text.',
  hint: 'Give the step that id and move it before this one; use an output of the job for another job.',
  references: ['actionlint expression'],
  bad: withSteps(
    { run: 'use', env: { A: '${{ steps.build.outputs.a }}' } },
    { run: 'make', id: 'build' },
  ),
  good: withSteps(
    { run: 'make', id: 'build' },
    { run: 'use', env: { A: '${{ steps.build.outputs.a }}' } },
  ),
  *check({ data }) {
    const jobs = new Map(jobsOf(data).map((place) => [place.id, place]))
    for (const { path, node } of expressionsOf(data)) {
      const job = path[0] === 'jobs' ? jobs.get(String(path[1])) : undefined
      if (!job || !node) continue
      const position = path[2] === 'steps' ? Number(path[3]) : Number.POSITIVE_INFINITY
      const before = job.steps.filter((one) => one.position < position)
      const ids = new Set(before.map(({ step }) => String(step.id).toLowerCase()))
      for (const [context, id] of pathsIn(node)) {
        if (context !== 'steps' || id === undefined || id === '*' || ids.has(id)) continue
        yield {
          path,
          message: `undefined step ${id}: no earlier step of the job ${job.id} has this id`,
        }
      }
    }
  },
}
