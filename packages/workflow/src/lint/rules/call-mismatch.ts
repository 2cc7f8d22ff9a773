import type { Rule } from '@erlmcp/core'
import { calledFile } from '../../model/called-workflow.ts'
import { eventsOf, isMap, type JobPlace, jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

/** Differences between a call and what the called workflow declares. */
function* mismatches({ job }: JobPlace, file: WorkflowFile): Iterable<string> {
  const call = eventsOf(file).get('workflow_call')
  if (call === undefined) {
    yield 'is not a reusable workflow: missing `workflow_call` under `on`'
    return
  }
  const parts = [
    ['input', call.inputs, job.with],
    ['secret', call.secrets, job.secrets],
  ] as const
  for (const [kind, declared, given] of parts) {
    // The keys of an expression or of `inherit` are unknown.
    if (typeof given === 'string') continue
    const known = isMap(declared) ? declared : {}
    const names = (of: object) => new Set(Object.keys(of).map((name) => name.toLowerCase()))
    const has = names(isMap(given) ? given : {})
    for (const name of has)
      if (!names(known).has(name)) yield `does not declare the ${kind} ${name}`
    for (const [name, spec] of Object.entries(known)) {
      const isMissing = isMap(spec) && spec.required === true && spec.default === undefined
      if (isMissing && !has.has(name.toLowerCase())) yield `requires the ${kind} ${name}`
    }
  }
}

const itself = './.github/workflows/ci.yml'

/** A workflow that calls itself, because an example is one file. */
function calling(target: string): WorkflowFile {
  return {
    ...withJobs({ again: { uses: itself, with: { [target]: 'staging' } } }),
    on: { workflow_call: { inputs: { target: { type: 'string', required: true } } } },
  }
}

export const callMismatch: Rule<WorkflowFile> = {
  id: 'workflow/call-mismatch',
  kind: 'invalid',
  summary: 'Call that does not match the called workflow',
  why: 'GitHub rejects the run before a job starts.',
  hint: 'Pass exactly the inputs and secrets that the called workflow declares.',
  references: ['actionlint workflow-call'],
  bad: calling('targte'),
  good: calling('target'),
  *check(document, context) {
    for (const place of jobsOf(document.data)) {
      const { uses } = place.job
      const file = uses === undefined ? undefined : calledFile(uses, document, context)
      for (const fault of file ? mismatches(place, file) : []) {
        yield { path: [...place.path, 'uses'], message: `${uses} ${fault}` }
      }
    }
  },
}
