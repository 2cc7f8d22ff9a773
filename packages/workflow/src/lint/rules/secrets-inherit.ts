import type { Rule } from '@erlmcp/core'
import { jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

export const secretsInherit: Rule<WorkflowFile> = {
  id: 'workflow/secrets-inherit',
  kind: 'insecure',
  summary: 'All secrets for a called workflow',
  why: 'The called workflow gets every secret, whatever it needs.',
  hint: 'Pass the secrets that it needs by name.',
  references: ['zizmor secrets-inherit'],
  bad: withJobs({ scan: { uses: './.github/workflows/scan.yml', secrets: 'inherit' } }),
  good: withJobs({
    scan: { uses: './.github/workflows/scan.yml', secrets: { TOKEN: '${{ secrets.TOKEN }}' } },
  }),
  *check({ data }) {
    for (const { id, job, path } of jobsOf(data)) {
      if (job.secrets !== 'inherit') continue
      yield { path: [...path, 'secrets'], message: `the job ${id} passes every secret` }
    }
  },
}
