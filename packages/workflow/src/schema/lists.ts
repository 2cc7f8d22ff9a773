import { schema } from '@erlmcp/core'
import { list, type WorkflowSchema } from './facts.ts'

// What authors write where a file has ids or data: the values themselves.

const jobHint = 'Pass the job values themselves: [build].'
const stepHint = "Pass steps, such as [run('make')]."

export const jobList: WorkflowSchema = {
  ...list({ ...schema.kind('job'), hint: jobHint }),
  expected: 'a list of jobs',
  hint: jobHint,
}

export const stepList: WorkflowSchema = {
  ...list({ ...schema.kind('step'), hint: stepHint }),
  expected: 'a list of steps',
  hint: stepHint,
}

export const inputsValue: WorkflowSchema = {
  ...schema.kind('inputs'),
  expected: 'a value of inputs(…)',
  hint: "Write `const given = inputs({ NAME: { type: 'string' } })` and `inputs: given`; steps read given.value.NAME.",
}
