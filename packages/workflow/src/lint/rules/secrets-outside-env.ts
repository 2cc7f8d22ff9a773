import type { Rule } from '@erlmcp/core'
import { expressionsOf, pathsIn } from '../../model/expressions.ts'
import { eventsOf, jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob, withSteps } from '../example.ts'

export const secretsOutsideEnv: Rule<WorkflowFile> = {
  id: 'workflow/secrets-outside-env',
  kind: 'insecure',
  severity: 'note',
  summary: 'Secret without an environment',
  why: 'Every workflow of the repository can read it, without a reviewer or a branch rule.',
  hint: 'Store it in an environment, and set `environment` of the job.',
  references: ['zizmor secrets-outside-env'],
  bad: withSteps({ run: 'deploy', env: { TOKEN: '${{ secrets.DEPLOY_TOKEN }}' } }),
  good: withJob({
    environment: 'production',
    steps: [{ run: 'deploy', env: { TOKEN: '${{ secrets.DEPLOY_TOKEN }}' } }],
  }),
  *check({ data }) {
    const jobs = new Map(jobsOf(data).map((place) => [place.id, place.job]))
    // The caller of a reusable workflow decides.
    if (eventsOf(data).has('workflow_call')) return
    for (const { path, node } of expressionsOf(data)) {
      const job = path[0] === 'jobs' ? jobs.get(String(path[1])) : undefined
      if (!job || !node || job.environment !== undefined || job.uses !== undefined) continue
      for (const [context, name = '*'] of pathsIn(node)) {
        if (context !== 'secrets' || ['*', 'github_token'].includes(name)) continue
        yield { path, message: `the secret ${name} is not protected by an environment` }
      }
    }
  },
}
