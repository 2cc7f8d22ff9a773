import type { Rule } from '@erlmcp/core'
import { expressionsOf, pathsIn } from '../../model/expressions.ts'
import { isMap, jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

/** The keys of a matrix, in lower case; undefined for an expression. */
function keysOf(strategy: unknown): ReadonlySet<string> | undefined {
  if (strategy === undefined) return new Set()
  const matrix = isMap(strategy) ? strategy.matrix : undefined
  if (isMap(strategy) && matrix === undefined) return new Set()
  if (!isMap(matrix) || typeof matrix.include === 'string') return undefined
  const { include = [], exclude: _, ...axes } = matrix
  const entries: unknown[] = Array.isArray(include) ? include : []
  // An expression may add any key.
  if (entries.some((entry) => !isMap(entry))) return undefined
  const keys = [axes, ...(entries as object[])].flatMap((entry) => Object.keys(entry))
  return new Set(keys.map((key) => key.toLowerCase()))
}

export const matrixUndefined: Rule<WorkflowFile> = {
  id: 'workflow/matrix-undefined',
  kind: 'breaks',
  summary: 'Undefined value of the matrix',
  why: 'GitHub evaluates it to an empty text.',
  hint: 'Add it to the matrix, or fix the name.',
  references: ['actionlint expression'],
  bad: withJob({
    strategy: { matrix: { otp: ['27', '28'] } },
    steps: [{ run: 'make', env: { OTP: '${{ matrix.opt }}' } }],
  }),
  good: withJob({
    strategy: { matrix: { otp: ['27', '28'] } },
    steps: [{ run: 'make', env: { OTP: '${{ matrix.otp }}' } }],
  }),
  *check({ data }) {
    const jobs = new Map(jobsOf(data).map((place) => [place.id, place]))
    for (const { path, node } of expressionsOf(data)) {
      const job = path[0] === 'jobs' ? jobs.get(String(path[1])) : undefined
      if (!job || !node) continue
      const keys = keysOf(job.job.strategy)
      for (const [context, key] of pathsIn(node)) {
        if (context !== 'matrix' || key === undefined || key === '*' || !keys) continue
        if (!keys.has(key))
          yield { path, message: `undefined value ${key} of the matrix of the job ${job.id}` }
      }
    }
  },
}
