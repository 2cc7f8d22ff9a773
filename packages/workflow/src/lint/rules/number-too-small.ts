import type { Rule } from '@erlmcp/core'
import { isMap, jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

const key = 'timeout-minutes'

export const numberTooSmall: Rule<WorkflowFile> = {
  id: 'workflow/number-too-small',
  kind: 'breaks',
  summary: 'Number that prevents any run',
  why: 'A job or step with a limit of zero minutes is cancelled at once; zero parallel jobs run nothing.',
  hint: 'Write a number above 0.',
  references: ['actionlint syntax-check'],
  bad: withJob({ 'timeout-minutes': 0 }),
  good: withJob({ 'timeout-minutes': 5 }),
  *check({ data }) {
    for (const { job, path, steps } of jobsOf(data)) {
      const strategy = isMap(job.strategy) ? job.strategy : {}
      const all = [
        [path, key, job[key]] as const,
        [[...path, 'strategy'], 'max-parallel', strategy['max-parallel']] as const,
        ...steps.map((one) => [one.path, key, one.step[key]] as const),
      ]
      for (const [at, name, value] of all) {
        if (typeof value !== 'number' || value > 0) continue
        yield { path: [...at, name], message: `${name}: expected a number above 0, got ${value}` }
      }
    }
  },
}
