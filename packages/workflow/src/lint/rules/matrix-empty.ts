import type { Rule } from '@erlmcp/core'
import { jobsOf } from '../../model/jobs.ts'
import { combinationsOf, matrixOf } from '../../model/matrix.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

export const matrixEmpty: Rule<WorkflowFile> = {
  id: 'workflow/matrix-empty',
  kind: 'breaks',
  summary: 'Matrix whose exclusions leave no job',
  why: 'The job never runs.',
  hint: 'Remove an exclusion, or the job.',
  references: ['Workflow syntax, strategy.matrix.exclude'],
  bad: withJob({ strategy: { matrix: { otp: ['28'], exclude: [{ otp: '28' }] } } }),
  good: withJob({ strategy: { matrix: { otp: ['27', '28'], exclude: [{ otp: '27' }] } } }),
  *check({ data }) {
    for (const place of jobsOf(data)) {
      if (matrixOf(place)?.exclude === undefined || combinationsOf(place)?.length !== 0) continue
      const path = [...place.path, 'strategy', 'matrix', 'exclude']
      yield { path, message: `exclude leaves no combination of the matrix of ${place.id}` }
    }
  },
}
