import type { Rule } from '@erlmcp/core'
import { eventsOf, isMap, jobsOf, listOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

export const selfHostedRunner: Rule<WorkflowFile> = {
  id: 'workflow/self-hosted-runner',
  kind: 'insecure',
  severity: 'note',
  summary: 'Self-hosted runner for pull requests',
  why: 'A pull request can run any command on it, and the runner keeps the changes.',
  hint: 'Run pull requests on GitHub-hosted runners, or on ephemeral runners of your own.',
  references: ['zizmor self-hosted-runner'],
  bad: { ...withJob({ 'runs-on': ['self-hosted', 'linux'] }), on: 'pull_request' },
  good: { ...withJob({ 'runs-on': 'ubuntu-24.04' }), on: 'pull_request' },
  *check({ data }) {
    const events = eventsOf(data)
    if (!['pull_request', 'pull_request_target'].some((event) => events.has(event))) return
    for (const { id, job, path } of jobsOf(data)) {
      const labels = isMap(job['runs-on']) ? job['runs-on'].labels : job['runs-on']
      if (!listOf(labels).includes('self-hosted')) continue
      yield { path: [...path, 'runs-on'], message: `the job ${id} runs on a self-hosted runner` }
    }
  },
}
