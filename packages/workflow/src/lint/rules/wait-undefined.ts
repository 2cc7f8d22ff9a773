import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../model/example.ts'
import { jobsOf, listOf } from '../model/jobs.ts'

export const waitUndefined: Rule<WorkflowFile> = {
  id: 'workflow/wait-undefined',
  kind: 'invalid',
  summary: 'A wait for a step that is not in the background before it',
  why: 'GitHub refuses the file, or the wait is for nothing.',
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
          const message = `no step in the background before it in the job ${id} has the id ${target}`
          yield { path: [...path, key], message }
        }
      }
    }
  },
}
