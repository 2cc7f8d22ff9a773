import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../model/example.ts'
import { eventsOf } from '../model/jobs.ts'

const dangerous = ['pull_request_target', 'workflow_run']

export const dangerousTriggers: Rule<WorkflowFile> = {
  id: 'workflow/dangerous-triggers',
  kind: 'insecure',
  summary: 'A workflow that runs with secrets for the code of a stranger',
  why: "pull_request_target and workflow_run have a token that writes, and secrets; what they check out or download may be anybody's.",
  hint: 'Use pull_request; or touch nothing that the pull request brings.',
  references: ['zizmor dangerous-triggers', 'Scorecard Dangerous-Workflow'],
  bad: { ...withSteps({ run: 'make' }), on: 'pull_request_target' },
  good: { ...withSteps({ run: 'make' }), on: 'pull_request' },
  *check({ data }) {
    for (const event of eventsOf(data).keys()) {
      if (!dangerous.includes(event)) continue
      yield { path: ['on'], message: `${event} runs with secrets, also for strangers` }
    }
  },
}
