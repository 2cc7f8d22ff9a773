import type { Rule } from '@erlmcp/core'
import { eventsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

const dangerous = ['pull_request_target', 'workflow_run']

export const dangerousTriggers: Rule<WorkflowFile> = {
  id: 'workflow/dangerous-triggers',
  kind: 'insecure',
  summary: 'Privileged trigger for untrusted code',
  why: "pull_request_target and workflow_run have secrets and a token that can write, while the code or artifacts that they process may be an attacker's.",
  hint: 'Use `pull_request`, or do not touch anything from the pull request.',
  references: ['zizmor dangerous-triggers', 'Scorecard Dangerous-Workflow'],
  bad: { ...withSteps({ run: 'make' }), on: 'pull_request_target' },
  good: { ...withSteps({ run: 'make' }), on: 'pull_request' },
  *check({ data }) {
    for (const event of eventsOf(data).keys()) {
      if (!dangerous.includes(event)) continue
      yield { path: ['on'], message: `${event} runs with secrets for untrusted code` }
    }
  },
}
