import type { Rule } from '@erlmcp/core'
import { jobsOf } from '../../model/jobs.ts'
import { labelsOf } from '../../model/labels.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { retiredLabel } from '../../schema/runners.ts'
import { withJob } from '../example.ts'

export const runnerRetired: Rule<WorkflowFile> = {
  id: 'workflow/runner-retired',
  kind: 'breaks',
  summary: 'Retired runner',
  why: 'The job waits for a runner until it is cancelled.',
  hint: 'Use a current label, such as ubuntu-24.04.',
  references: ['actionlint runner-label'],
  bad: withJob({ 'runs-on': 'ubuntu-20.04' }),
  good: withJob({ 'runs-on': 'ubuntu-24.04' }),
  *check({ data }) {
    for (const place of jobsOf(data)) {
      for (const { label, path } of labelsOf(place)) {
        if (!retiredLabel.test(label)) continue
        yield { path, message: `retired runner ${label} of the job ${place.id}` }
      }
    }
  },
}
