import type { Rule } from '@erlmcp/core'
import { eventsOf, isMap } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const requiredWithDefault: Rule<WorkflowFile> = {
  id: 'workflow/required-with-default',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Required input with a default',
  why: 'The default is never used: callers must pass the input.',
  hint: 'Remove one of the two.',
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
      yield { path, message: `the default of the required input ${name} is never used` }
    }
  },
}
