import type { Rule } from '@erlmcp/core'
import { isMap, jobsOf, stepsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const insecureCommands: Rule<WorkflowFile> = {
  id: 'workflow/insecure-commands',
  kind: 'insecure',
  severity: 'error',
  summary: 'Insecure workflow commands',
  why: 'Any program that prints such a line sets a variable, such as LD_PRELOAD.',
  hint: 'Remove ACTIONS_ALLOW_UNSECURE_COMMANDS, and write to $GITHUB_ENV or $GITHUB_OUTPUT.',
  references: ['zizmor insecure-commands'],
  bad: withSteps({ run: 'make', env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: true } }),
  good: withSteps({ run: 'make' }),
  *check({ data }) {
    const name = 'ACTIONS_ALLOW_UNSECURE_COMMANDS'
    const places = [
      { env: data.env, path: [] },
      ...jobsOf(data).map(({ job, path }) => ({ env: job.env, path })),
      ...stepsOf(data).map(({ step, path }) => ({ env: step.env, path })),
    ]
    for (const { env, path } of places) {
      if (!isMap(env) || env[name] === undefined) continue
      yield { path: [...path, 'env', name], message: 'insecure workflow commands are enabled' }
    }
  },
}
