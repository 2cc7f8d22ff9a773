import type { Rule } from '@erlmcp/core'
import { jobsOf } from '../../model/jobs.ts'
import { requiredJobsOf } from '../../model/required-job.ts'
import { skipOf } from '../../model/skips.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

/** A check that requires a job that runs for pushes only. */
function gate(line: string): WorkflowFile {
  return withJobs({
    docs: { 'runs-on': 'ubuntu-24.04', if: "github.event_name == 'push'" },
    gate: {
      'runs-on': 'ubuntu-24.04',
      needs: 'docs',
      if: 'always()',
      steps: [{ run: line, env: { DOCS: '${{ needs.docs.result }}' } }],
    },
  })
}

export const requiredConditional: Rule<WorkflowFile> = {
  id: 'workflow/required-conditional',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Required check that fails when a job is skipped',
  why: 'The check requires success of a job that a condition may skip: it fails for every pull request that skips the job.',
  hint: 'Allow the job to be skipped: requiredCheck(…, { skippable: [job] }); or remove the condition.',
  references: ['GitHub docs, "Troubleshooting required status checks"'],
  bad: gate('[ "$DOCS" = success ]'),
  good: gate('[ "$DOCS" = success ] || [ "$DOCS" = skipped ]'),
  *check({ data }) {
    const jobs = new Map(jobsOf(data).map((place) => [place.id.toLowerCase(), place]))
    for (const { place, strict } of requiredJobsOf(data)) {
      for (const id of new Set(strict)) {
        const job = jobs.get(id.toLowerCase())
        const skip = job && skipOf(job, jobs)
        if (!skip) continue
        const { decidedBy } = skip
        const reason =
          decidedBy === job
            ? 'its condition skips it'
            : `the condition of ${decidedBy.id} skips both`
        yield {
          path: [...decidedBy.path, 'if'],
          message: `the job ${place.id} fails when the job ${job.id} is skipped: ${reason}`,
        }
      }
    }
  },
}
