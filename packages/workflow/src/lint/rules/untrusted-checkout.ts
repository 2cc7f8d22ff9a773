import type { Rule } from '@erlmcp/core'
import { eventsOf, inputOf, usesOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withSteps } from '../example.ts'

export const untrustedCheckout: Rule<WorkflowFile> = {
  id: 'workflow/untrusted-checkout',
  kind: 'insecure',
  severity: 'error',
  summary: 'Checkout of untrusted code in a privileged workflow',
  why: 'The code of the pull request runs with secrets and a token that can write.',
  hint: 'Do not check out the pull request here; build it under `pull_request`.',
  references: ['Scorecard Dangerous-Workflow'],
  bad: {
    ...withSteps({
      uses: `actions/checkout@${commit}`,
      with: { ref: '${{ github.event.pull_request.head.sha }}', 'persist-credentials': false },
    }),
    on: 'pull_request_target',
  },
  good: {
    ...withSteps({ uses: `actions/checkout@${commit}`, with: { 'persist-credentials': false } }),
    on: 'pull_request',
  },
  *check({ data }) {
    const events = eventsOf(data)
    const risky = ['pull_request_target', 'workflow_run', 'issue_comment']
    if (!risky.some((event) => events.has(event))) return
    for (const place of usesOf(data)) {
      if (place.uses.action !== 'actions/checkout') continue
      for (const key of ['ref', 'repository']) {
        const value = inputOf(place, key)
        if (typeof value !== 'string' || !/\.head\b|head_(?:ref|sha|branch)|refs\/pull/.test(value))
          continue
        yield {
          path: [...place.path, 'with', key],
          message: `${value} is untrusted code`,
        }
      }
    }
  },
}
