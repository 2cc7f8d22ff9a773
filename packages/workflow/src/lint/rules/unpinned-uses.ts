import type { Rule } from '@erlmcp/core'
import { jobsOf, referenceOf, usesOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withSteps } from '../example.ts'

const hex = /^[0-9a-f]{40}$/

export const unpinnedUses: Rule<WorkflowFile> = {
  id: 'workflow/unpinned-uses',
  kind: 'insecure',
  summary: 'Action without a commit',
  why: 'A tag can be moved: an attacker with write access to the repository of the action gets into this job. 76 of 77 tags of trivy-action were moved in March 2026.',
  hint: 'Pin all 40 digits of the commit, with the version as a comment: `@… # v1.2.3`.',
  references: ['zizmor unpinned-uses', 'Scorecard Pinned-Dependencies'],
  bad: withSteps({ uses: 'docker/bake-action@v7' }),
  good: withSteps({ uses: `docker/bake-action@${commit}` }),
  *check({ data }) {
    for (const { path, uses } of usesOf(data)) {
      if (uses.kind !== 'action' || hex.test(uses.ref)) continue
      yield { path: [...path, 'uses'], message: `${uses.text} is not pinned to a commit` }
    }
    for (const { job, path } of jobsOf(data)) {
      if (typeof job.uses !== 'string') continue
      const uses = referenceOf(job.uses)
      if (uses.kind === 'local' || hex.test(uses.ref)) continue
      yield { path: [...path, 'uses'], message: `${uses.text} is not pinned to a commit` }
    }
  },
}
