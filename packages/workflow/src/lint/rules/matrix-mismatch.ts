import type { Rule } from '@erlmcp/core'
import { isMap, jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

/** Whether no combination can have it; expressions and objects are not compared. */
function isForeign(value: unknown, values: unknown): boolean {
  if (!Array.isArray(values)) return false
  const isPlain = (one: unknown) => typeof one !== 'object' && !String(one).includes('${{')
  return [value, ...values].every(isPlain) && !values.map(String).includes(String(value))
}

export const matrixMismatch: Rule<WorkflowFile> = {
  id: 'workflow/matrix-mismatch',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Matrix with a duplicate value, or an exclusion that matches nothing',
  why: 'A job runs duplicate, or the exclusion has no effect.',
  hint: 'Remove it, or fix the name.',
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
        const duplicate = texts.findIndex((text, index) => texts.indexOf(text) !== index)
        if (duplicate < 0) continue
        yield {
          path: [...at, key, duplicate],
          message: `duplicate value ${texts[duplicate]} of ${key}`,
        }
      }
      for (const [index, entry] of (Array.isArray(exclude) ? exclude : []).entries()) {
        const unknown = Object.entries(isMap(entry) ? entry : {}).find(
          ([key, value]) => !Object.hasOwn(axes, key) || isForeign(value, axes[key]),
        )
        if (unknown === undefined) continue
        const message = `exclude of the job ${id} matches nothing: ${unknown.join(' ')}`
        yield { path: [...at, 'exclude', index], message }
      }
    }
  },
}
