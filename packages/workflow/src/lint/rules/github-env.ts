import type { Rule } from '@erlmcp/core'
import { eventsOf, runsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const githubEnv: Rule<WorkflowFile> = {
  id: 'workflow/github-env',
  kind: 'insecure',
  summary: 'Write to GITHUB_ENV or GITHUB_PATH in a privileged workflow',
  why: 'A line of untrusted input sets any variable of every later step, such as LD_PRELOAD.',
  hint: 'Use an output of the step, $GITHUB_OUTPUT.',
  references: ['zizmor github-env'],
  bad: {
    ...withSteps({ run: 'echo "NAME=$(cat name)" >> "$GITHUB_ENV"' }),
    on: 'pull_request_target',
  },
  good: {
    ...withSteps({ run: 'echo "name=$(cat name)" >> "$GITHUB_OUTPUT"' }),
    on: 'pull_request_target',
  },
  *check({ data }) {
    const events = eventsOf(data)
    if (!events.has('pull_request_target') && !events.has('workflow_run')) return
    for (const { path, script } of runsOf(data)) {
      const name = /\bGITHUB_(?:ENV|PATH)\b/.exec(script)?.[0]
      if (name) yield { path: [...path, 'run'], message: `the script writes to ${name}` }
    }
  },
}
