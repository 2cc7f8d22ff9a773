import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../model/example.ts'
import { eventsOf, isMap } from '../model/jobs.ts'

/** Inputs that a person can be asked for (Events that trigger workflows, "workflow_dispatch"). */
const most = 25

function problemOf(
  event: string,
  { type, default: given }: Readonly<Record<string, unknown>>,
): { readonly message: string; readonly hint?: string } | undefined {
  if (event === 'workflow_call' && ['choice', 'environment'].includes(String(type))) {
    return {
      message: `is a ${type}, which only a run that a person starts has`,
      hint: "A called workflow has 'string', 'boolean' and 'number'.",
    }
  }
  const isRight = given === undefined || String(given).includes('${{') || fits(type, String(given))
  if (isRight) return undefined
  return { message: `is a ${type}, and its default is ${JSON.stringify(given)}` }
}

function fits(type: unknown, text: string): boolean {
  if (type === 'boolean') return text === 'true' || text === 'false'
  return type !== 'number' || !Number.isNaN(Number(text))
}

export const inputInvalid: Rule<WorkflowFile> = {
  id: 'workflow/input-invalid',
  kind: 'invalid',
  summary: 'An input with a type or default that it cannot have',
  why: 'GitHub refuses the file.',
  hint: 'Let the default be of the type.',
  references: ['actionlint events'],
  bad: {
    ...withSteps({ run: 'make' }),
    on: { workflow_dispatch: { inputs: { dry: { type: 'boolean', default: 'yes' } } } },
  },
  good: {
    ...withSteps({ run: 'make' }),
    on: { workflow_dispatch: { inputs: { dry: { type: 'boolean', default: true } } } },
  },
  *check({ data }) {
    for (const event of ['workflow_call', 'workflow_dispatch']) {
      const inputs = eventsOf(data).get(event)?.inputs
      if (!isMap(inputs)) continue
      const path = ['on', event, 'inputs']
      const count = Object.keys(inputs).length
      if (event === 'workflow_dispatch' && count > most) {
        yield {
          path,
          message: `there are ${count} inputs, and a person can be asked for ${most}`,
          hint: 'Take some away, or join several into one, such as a text of JSON.',
        }
      }
      for (const [name, input] of Object.entries(inputs)) {
        const problem = isMap(input) ? problemOf(event, input) : undefined
        if (problem)
          yield { path: [...path, name], ...problem, message: `${name} ${problem.message}` }
      }
    }
  },
}
