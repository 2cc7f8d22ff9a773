import type { Rule } from '@erlmcp/core'
import { eventsOf, listOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const workflowRunWithoutWorkflows: Rule<WorkflowFile> = {
  id: 'workflow/workflow-run-without-workflows',
  kind: 'breaks',
  summary: 'workflow_run without workflows',
  why: 'workflow_run without `workflows` never starts.',
  hint: 'Name the workflows that it follows: `workflows: [CI]`.',
  references: ['actionlint events'],
  bad: { ...withSteps({ run: 'make' }), on: { workflow_run: { types: ['completed'] } } },
  good: { ...withSteps({ run: 'make' }), on: { workflow_run: { workflows: ['CI'] } } },
  *check({ data }) {
    const followed = eventsOf(data).get('workflow_run')
    if (!followed || listOf(followed.workflows).length > 0) return
    yield { path: ['on'], message: 'workflow_run has no workflows' }
  },
}
