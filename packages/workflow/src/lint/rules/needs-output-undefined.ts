import type { Rule } from '@erlmcp/core'
import { expressionsOf, pathsIn } from '../../model/expressions.ts'
import { jobsOf, needsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

export const needsOutputUndefined: Rule<WorkflowFile> = {
  id: 'workflow/needs-output-undefined',
  kind: 'breaks',
  summary: 'Undefined output of a needed job',
  why: 'GitHub evaluates it to an empty text.',
  hint: 'Add the job to `needs`, and the output to its `outputs`.',
  references: ['actionlint expression'],
  bad: withJobs({
    build: { 'runs-on': 'ubuntu-24.04' },
    test: {
      'runs-on': 'ubuntu-24.04',
      needs: 'build',
      env: { A: '${{ needs.build.outputs.version }}' },
    },
  }),
  good: withJobs({
    build: { 'runs-on': 'ubuntu-24.04', outputs: { version: '1' } },
    test: {
      'runs-on': 'ubuntu-24.04',
      needs: 'build',
      env: { A: '${{ needs.build.outputs.version }}' },
    },
  }),
  *check({ data }) {
    const jobs = new Map(jobsOf(data).map((place) => [place.id.toLowerCase(), place]))
    for (const { path, node } of expressionsOf(data)) {
      const job = path[0] === 'jobs' ? jobs.get(String(path[1]).toLowerCase()) : undefined
      if (!job || !node) continue
      const needs = needsOf(job.job).map((need) => need.toLowerCase())
      for (const [context, id, key, output] of pathsIn(node)) {
        if (context !== 'needs' || id === undefined || id === '*') continue
        if (!needs.includes(id)) {
          yield { path, message: `the job ${job.id} uses ${id} without needing it` }
          continue
        }
        const needed = jobs.get(id)
        if (key !== 'outputs' || output === undefined || output === '*' || !needed) continue
        // The outputs of a called workflow are in another file.
        if (needed.job.uses !== undefined) continue
        const outputs = Object.keys(needed.job.outputs ?? {}).map((name) => name.toLowerCase())
        if (outputs.includes(output)) continue
        yield { path, message: `undefined output ${output} of the job ${id}` }
      }
    }
  },
}
