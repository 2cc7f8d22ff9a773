import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../model/example.ts'
import { isMap, jobsOf } from '../model/jobs.ts'

/** Whether no combination can have it: what an expression makes, or has keys, nobody knows. */
function isForeign(value: unknown, values: unknown): boolean {
  if (!Array.isArray(values)) return false
  const isPlain = (one: unknown) => typeof one !== 'object' && !String(one).includes('${{')
  return [value, ...values].every(isPlain) && !values.map(String).includes(String(value))
}

export const matrixMismatch: Rule<WorkflowFile> = {
  id: 'workflow/matrix-mismatch',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A matrix with a value twice, or an exception for what it does not have',
  why: 'A job runs twice; or the exception excludes nothing.',
  hint: 'Take it away, or mend the name.',
  references: ['actionlint matrix'],
  bad: withJob({ strategy: { matrix: { otp: ['27', '28'], exclude: [{ opt: '27' }] } } }),
  good: withJob({ strategy: { matrix: { otp: ['27', '28'], exclude: [{ otp: '27' }] } } }),
  *check({ data }) {
    for (const { id, job, path } of jobsOf(data)) {
      const matrix = isMap(job.strategy) ? job.strategy.matrix : undefined
      if (!isMap(matrix)) continue
      const at = [...path, 'strategy', 'matrix']
      const { include: _, exclude, ...axes } = matrix
      for (const [key, values] of Object.entries(axes)) {
        if (!Array.isArray(values)) continue
        const texts = values.map((value) => JSON.stringify(value))
        const twice = texts.findIndex((text, index) => texts.indexOf(text) !== index)
        if (twice < 0) continue
        yield { path: [...at, key, twice], message: `${texts[twice]} is twice among ${key}` }
      }
      for (const [index, entry] of (Array.isArray(exclude) ? exclude : []).entries()) {
        const unknown = Object.entries(isMap(entry) ? entry : {}).find(
          ([key, value]) => !Object.hasOwn(axes, key) || isForeign(value, axes[key]),
        )
        if (unknown === undefined) continue
        const message = `the matrix of the job ${id} has no ${unknown.join(' ')} to exclude`
        yield { path: [...at, 'exclude', index], message }
      }
    }
  },
}
