import type { Rule } from '@erlmcp/core'
import { globOf } from '../../model/artifacts.ts'
import { eventsOf, listOf } from '../../model/jobs.ts'
import { requiredJobsOf } from '../../model/required-job.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

function gate(on: WorkflowFile['on']): WorkflowFile {
  const env = { TEST: '${{ needs.test.result }}' }
  return {
    ...withJobs({
      test: { 'runs-on': 'ubuntu-24.04' },
      gate: {
        'runs-on': 'ubuntu-24.04',
        needs: 'test',
        if: 'always()',
        steps: [{ run: '[ "$TEST" = success ]', env }],
      },
    }),
    on,
  }
}

// Activity types with a new commit.
const newCode = ['opened', 'synchronize', 'reopened']

export const requiredUnreported: Rule<WorkflowFile> = {
  id: 'workflow/required-unreported',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Required check that some pull requests never get',
  why: 'GitHub waits forever for the check of a workflow that a filter skips.',
  hint: 'Run the workflow for every pull request, and decide in a job what is skipped: requiredCheck(…, { skippable: […] }).',
  references: ['GitHub docs, "Troubleshooting required status checks"'],
  bad: gate({ pull_request: { paths: ['src/**'] } }),
  good: gate({ pull_request: null }),
  *check({ data }) {
    const [required] = requiredJobsOf(data)
    if (!required) return
    const { id } = required.place
    const events = eventsOf(data)
    for (const event of ['pull_request', 'pull_request_target', 'merge_group']) {
      const filters = events.get(event) ?? {}
      for (const key of ['paths', 'paths-ignore', 'branches-ignore']) {
        // Another rule reports it for a merge queue.
        const isKnown =
          key.startsWith('paths') && event === 'pull_request' && events.has('merge_group')
        if (filters[key] === undefined || isKnown) continue
        const path = ['on', event, key]
        yield { path, message: `${key} skips the check ${id} for some pull requests` }
      }
      const types = listOf(filters.types)
      const missing = newCode.filter((type) => !types.includes(type))
      if (event !== 'merge_group' && types.length > 0 && missing.length > 0) {
        const path = ['on', event, 'types']
        const message = `a pull request that is ${missing[0]} does not get the check ${id}: missing in types`
        yield { path, message, hint: `Add ${missing.join(', ')} to types.` }
      }
      const branches = listOf(filters.branches)
      const others = ['push', 'merge_group']
        .flatMap((name) => listOf(events.get(name)?.branches))
        .filter((name) => branches.length > 0 && !branches.some((one) => globOf(one).test(name)))
      if (event === 'pull_request' && others.length > 0) {
        const path = ['on', event, 'branches']
        const message = `a pull request to ${others[0]} does not get the check ${id}: missing in branches`
        yield {
          path,
          message,
          hint: 'Add the branch, or remove `branches` from pull_request.',
        }
      }
    }
  },
}
