import type { Rule } from '@erlmcp/core'
import { expressionsOf, pathsIn } from '../../model/expressions.ts'
import { eventsOf, isMap } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const inputUndefined: Rule<WorkflowFile> = {
  id: 'workflow/input-undefined',
  kind: 'breaks',
  summary: 'Undeclared input',
  why: 'GitHub evaluates it to an empty text.',
  hint: 'Declare it under `workflow_call` or `workflow_dispatch`, or fix the name.',
  references: ['actionlint expression'],
  bad: {
    ...withSteps({ run: 'make', env: { A: '${{ inputs.targte }}' } }),
    on: { workflow_dispatch: { inputs: { target: { type: 'string' } } } },
  },
  good: {
    ...withSteps({ run: 'make', env: { A: '${{ inputs.target }}' } }),
    on: { workflow_dispatch: { inputs: { target: { type: 'string' } } } },
  },
  *check({ data }) {
    const declared = [...eventsOf(data).values()].flatMap(({ inputs }) =>
      isMap(inputs) ? Object.keys(inputs).map((name) => name.toLowerCase()) : [],
    )
    for (const { path, node } of expressionsOf(data)) {
      for (const [context, name] of node ? pathsIn(node) : []) {
        if (context !== 'inputs' || name === undefined || name === '*') continue
        if (!declared.includes(name)) yield { path, message: `undeclared input ${name}` }
      }
    }
  },
}
