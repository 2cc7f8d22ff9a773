import type { Path, Rule } from '@erlmcp/core'
import { containersOf, isMap, jobsOf, stepsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const variableName: Rule<WorkflowFile> = {
  id: 'workflow/variable-name',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Invalid name of a variable',
  why: 'The script cannot read it, or the runner rejects it.',
  hint: 'Use letters, digits and underscores, beginning with a letter or underscore.',
  references: ['actionlint env-var'],
  bad: withSteps({ run: 'make', env: { 'OTP VERSION': '28' } }),
  good: withSteps({ run: 'make', env: { OTP_VERSION: '28' } }),
  *check({ data }) {
    const places = [
      { env: data.env, path: [] as Path },
      ...jobsOf(data).flatMap(({ job, path }) => [
        { env: job.env, path },
        ...containersOf(job).map(([at, container]) => ({
          env: container.env,
          path: [...path, ...at],
        })),
      ]),
      ...stepsOf(data).map(({ step, path }) => ({ env: step.env, path })),
    ]
    for (const { env, path } of places) {
      for (const name of isMap(env) ? Object.keys(env) : []) {
        if (!/[\s=&]|^$/.test(name) || name.includes('${{')) continue
        yield {
          path: [...path, 'env', name],
          message: `invalid variable name ${JSON.stringify(name)}`,
        }
      }
    }
  },
}
