import type { Rule } from '@erlmcp/core'
import { inputsOf } from '../../actions/inputs.ts'
import { isMap, usesOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withSteps } from '../example.ts'

export const actionInputMissing: Rule<WorkflowFile> = {
  id: 'workflow/action-input-missing',
  kind: 'breaks',
  summary: 'Action without a required input',
  why: 'The step fails.',
  hint: 'Pass it under `with`.',
  references: ['actionlint action'],
  bad: withSteps({ uses: `actions/cache@${commit}`, with: { path: '_build' } }),
  good: withSteps({ uses: `actions/cache@${commit}`, with: { path: '_build', key: 'a' } }),
  *check({ data }) {
    for (const { step, uses, path } of usesOf(data)) {
      // What an expression makes is not known here.
      if (typeof step.with === 'string') continue
      const given = new Set(
        Object.keys(isMap(step.with) ? step.with : {}).map((one) => one.toLowerCase()),
      )
      for (const name of inputsOf(uses.action)?.required ?? []) {
        if (given.has(name)) continue
        yield { path: [...path, 'uses'], message: `${uses.action} requires the input ${name}` }
      }
    }
  },
}
