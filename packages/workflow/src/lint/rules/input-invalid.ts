import type { Rule } from '@erlmcp/core'
import { eventsOf, isMap } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

/** How many inputs a dispatch may have (Events that trigger workflows, "workflow_dispatch"). */
const most = 25

function findFault(
  event: string,
  { type, default: given }: Readonly<Record<string, unknown>>,
): { readonly message: string; readonly hint?: string } | undefined {
  if (event === 'workflow_call' && ['choice', 'environment'].includes(String(type))) {
    return {
      message: `has the type ${type}, which only a dispatch supports`,
      hint: "Use 'string', 'boolean' or 'number'.",
    }
  }
  const isRight = given === undefined || String(given).includes('${{') || fits(type, String(given))
  if (isRight) return undefined
  return { message: `expects a default of type ${type}, got ${JSON.stringify(given)}` }
}

function fits(type: unknown, text: string): boolean {
  if (type === 'boolean') return text === 'true' || text === 'false'
  return type !== 'number' || !Number.isNaN(Number(text))
}

export const inputInvalid: Rule<WorkflowFile> = {
  id: 'workflow/input-invalid',
  kind: 'invalid',
  summary: 'Input with an invalid default',
  why: 'GitHub rejects the file.',
  hint: 'Write a default of the type of the input.',
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
          message: `${count} inputs exceed the limit of ${most}`,
          hint: 'Remove some, or join several into one, such as a JSON text.',
        }
      }
      for (const [name, input] of Object.entries(inputs)) {
        const fault = isMap(input) ? findFault(event, input) : undefined
        if (fault) yield { path: [...path, name], ...fault, message: `${name} ${fault.message}` }
      }
    }
  },
}
