import type { Rule } from '@erlmcp/core'
import { eventsOf, isMap, listOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const choiceInvalid: Rule<WorkflowFile> = {
  id: 'workflow/choice-invalid',
  kind: 'invalid',
  summary: 'Choice without valid options',
  why: 'GitHub rejects the file, or shows a form that cannot be submitted.',
  hint: 'List the `options`, including the default.',
  references: ['actionlint events'],
  bad: {
    ...withSteps({ run: 'make' }),
    on: { workflow_dispatch: { inputs: { a: { type: 'choice' } } } },
  },
  good: {
    ...withSteps({ run: 'make' }),
    on: { workflow_dispatch: { inputs: { a: { type: 'choice', options: ['x'] } } } },
  },
  *check({ data }) {
    const inputs = eventsOf(data).get('workflow_dispatch')?.inputs
    for (const [name, input] of Object.entries(isMap(inputs) ? inputs : {})) {
      if (!isMap(input) || input.type !== 'choice') continue
      const options = listOf(input.options)
      const path = ['on', 'workflow_dispatch', 'inputs', name]
      if (options.length === 0) yield { path, message: `the choice ${name} has no options` }
      else if (input.default !== undefined && !options.includes(String(input.default))) {
        yield {
          path,
          message: `the default ${input.default} of the choice ${name} is not one of its options`,
        }
      }
    }
  },
}
