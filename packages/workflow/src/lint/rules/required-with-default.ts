import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../model/example.ts'
import { eventsOf, isMap } from '../model/jobs.ts'

export const requiredWithDefault: Rule<WorkflowFile> = {
  id: 'workflow/required-with-default',
  kind: 'breaks',
  severity: 'warning',
  summary: 'An input that is required and has a default',
  why: 'The default is never taken: whoever calls the workflow must give the input.',
  hint: 'Take one of them away.',
  references: ['actionlint events'],
  bad: {
    ...withSteps({ run: 'make' }),
    on: { workflow_call: { inputs: { a: { type: 'string', required: true, default: 'x' } } } },
  },
  good: {
    ...withSteps({ run: 'make' }),
    on: { workflow_call: { inputs: { a: { type: 'string', default: 'x' } } } },
  },
  *check({ data }) {
    const inputs = eventsOf(data).get('workflow_call')?.inputs
    for (const [name, input] of Object.entries(isMap(inputs) ? inputs : {})) {
      if (!isMap(input) || input.required !== true || input.default === undefined) continue
      const path = ['on', 'workflow_call', 'inputs', name]
      yield { path, message: `${name} is required, so its default is never taken` }
    }
  },
}
