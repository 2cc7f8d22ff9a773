import type { Rule } from '@erlmcp/core'
import { jobsOf, listOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const waitUndefined: Rule<WorkflowFile> = {
  id: 'workflow/wait-undefined',
  kind: 'invalid',
  summary: 'Wait for a step that does not run in the background',
  why: 'GitHub rejects the file, or the wait has no effect.',
  hint: 'Give that step an id and `background: true`, before this one.',
  references: ['Workflow syntax, steps.wait'],
  bad: withSteps({ run: 'make serve', id: 'server' }, { wait: 'server' }),
  good: withSteps({ run: 'make serve', id: 'server', background: true }, { wait: 'server' }),
  *check({ data }) {
    for (const { id, steps } of jobsOf(data)) {
      for (const { step, path, position } of steps) {
        const key = step.wait === undefined ? 'cancel' : 'wait'
        for (const target of listOf(step[key])) {
          const found = steps.find(
            (one) => one.position < position && one.step.id === target && one.step.background,
          )
          if (found) continue
          const message = `no earlier background step of the job ${id} has the id ${target}`
          yield { path: [...path, key], message }
        }
      }
    }
  },
}
