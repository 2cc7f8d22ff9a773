import type { Rule } from '@erlmcp/core'
import { expressionsOf, pathsIn } from '../../model/expressions.ts'
import { jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

export const callOutputUndefined: Rule<WorkflowFile> = {
  id: 'workflow/call-output-undefined',
  kind: 'breaks',
  summary: 'Workflow output from an undefined job output',
  why: 'GitHub evaluates it to an empty text.',
  hint: 'Add the output to the job, or fix the name.',
  references: ['actionlint expression'],
  bad: {
    ...withJob({ outputs: { version: '1' } }),
    on: { workflow_call: { outputs: { a: { value: '${{ jobs.build.outputs.versoin }}' } } } },
  },
  good: {
    ...withJob({ outputs: { version: '1' } }),
    on: { workflow_call: { outputs: { a: { value: '${{ jobs.build.outputs.version }}' } } } },
  },
  *check({ data }) {
    const jobs = new Map(jobsOf(data).map((place) => [place.id.toLowerCase(), place.job]))
    for (const { path, node } of expressionsOf(data)) {
      for (const [context, id, key, output] of node ? pathsIn(node) : []) {
        if (context !== 'jobs' || id === undefined || id === '*') continue
        const job = jobs.get(id)
        if (!job) yield { path, message: `undefined job ${id}` }
        if (!job || job.uses !== undefined || key !== 'outputs' || output === undefined) continue
        const outputs = Object.keys(job.outputs ?? {}).map((name) => name.toLowerCase())
        if (output === '*' || outputs.includes(output)) continue
        yield { path, message: `undefined output ${output} of the job ${id}` }
      }
    }
  },
}
