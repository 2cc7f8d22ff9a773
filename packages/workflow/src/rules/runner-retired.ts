import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../document.ts'
import { withJob } from './reading/example.ts'
import { isMap, jobsOf, listOf } from './reading/jobs.ts'

const retired =
  /^(?:ubuntu-(?:16|18|20)\.04|windows-(?:2016|2019)|macos-1(?:0\.15|1|2|3)(?:-large|-xlarge)?)$/

export const runnerRetired: Rule<WorkflowFile> = {
  id: 'workflow/runner-retired',
  kind: 'breaks',
  summary: 'A machine that is gone',
  why: 'The job waits for a machine until it is cancelled.',
  help: 'Take a label that is there, such as ubuntu-24.04.',
  references: ['actionlint runner-label'],
  bad: withJob({ 'runs-on': 'ubuntu-20.04' }),
  good: withJob({ 'runs-on': 'ubuntu-24.04' }),
  *check({ data }) {
    for (const { id, job, path } of jobsOf(data)) {
      for (const label of listOf(isMap(job['runs-on']) ? [] : job['runs-on'])) {
        if (!retired.test(label)) continue
        yield {
          path: [...path, 'runs-on'],
          message: `${label}, which the job ${id} runs on, is gone`,
        }
      }
    }
  },
}
