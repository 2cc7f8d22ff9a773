import type { Rule } from '@erlmcp/core'
import { isMap, jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

export const hardcodedContainerCredentials: Rule<WorkflowFile> = {
  id: 'workflow/hardcoded-container-credentials',
  kind: 'insecure',
  severity: 'error',
  summary: 'Hardcoded password of a container registry',
  why: 'Every reader of the repository can read it.',
  hint: 'Use a secret.',
  references: ['zizmor hardcoded-container-credentials', 'actionlint credentials'],
  bad: withJob({ container: { image: 'a:1', credentials: { username: 'a', password: 'secret' } } }),
  good: withJob({
    container: {
      image: 'a:1',
      credentials: { username: 'a', password: '${{ secrets.REGISTRY_PASSWORD }}' },
    },
  }),
  *check({ data }) {
    for (const { job, path } of jobsOf(data)) {
      const services = isMap(job.services) ? Object.entries(job.services) : []
      const all = [
        [['container'], job.container] as const,
        ...services.map(([name, value]) => [['services', name], value] as const),
      ]
      for (const [at, container] of all) {
        const credentials: unknown = isMap(container) ? container.credentials : undefined
        const password: unknown = isMap(credentials) ? credentials.password : undefined
        if (password === undefined || String(password).includes('${{')) continue
        const message = `hardcoded password of ${at.at(-1)}`
        yield { path: [...path, ...at, 'credentials', 'password'], message }
      }
    }
  },
}
