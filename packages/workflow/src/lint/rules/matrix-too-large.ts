import type { Rule } from '@erlmcp/core'
import { isMap, jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

/** How many jobs a matrix may generate (workflow syntax, "strategy.matrix"). */
const most = 256

const numbers = Array.from({ length: 20 }, (_, index) => index)

export const matrixTooLarge: Rule<WorkflowFile> = {
  id: 'workflow/matrix-too-large',
  kind: 'breaks',
  summary: 'Matrix with too many jobs',
  why: 'GitHub fails the run: a matrix generates at most 256 jobs.',
  hint: 'Remove values, or let one job do several.',
  references: ['Workflow syntax, strategy.matrix'],
  bad: withJob({ strategy: { matrix: { a: numbers, b: numbers } } }),
  good: withJob({ strategy: { matrix: { a: numbers } } }),
  *check({ data }) {
    for (const { id, job, path } of jobsOf(data)) {
      const matrix = isMap(job.strategy) ? job.strategy.matrix : undefined
      if (!isMap(matrix)) continue
      const { include: _, exclude, ...axes } = matrix
      const lists = Object.values(axes)
      // Expressions and exclusions are not counted.
      if (exclude !== undefined || !lists.every(Array.isArray)) continue
      const jobs = lists.reduce<number>((product, { length }) => product * length, 1)
      if (jobs <= most) continue
      const at = [...path, 'strategy', 'matrix']
      yield { path: at, message: `the matrix of the job ${id} generates ${jobs} jobs` }
    }
  },
}
