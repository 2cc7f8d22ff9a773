import type { Path, Rule } from '@erlmcp/core'
import { isMap, jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'

export const excessivePermissions: Rule<WorkflowFile> = {
  id: 'workflow/excessive-permissions',
  kind: 'insecure',
  summary: 'Token with more permissions than a job needs',
  why: 'A compromised action can use every permission of the token.',
  hint: 'Write `permissions: {}` for the workflow, and grant each job what it needs.',
  references: ['zizmor excessive-permissions', 'Scorecard Token-Permissions'],
  bad: { on: 'push', jobs: { build: { 'runs-on': 'ubuntu-24.04' } } },
  good: {
    on: 'push',
    permissions: {},
    jobs: { build: { 'runs-on': 'ubuntu-24.04', permissions: { contents: 'read' } } },
  },
  *check({ data }) {
    const jobs = jobsOf(data)
    const top: unknown = data.permissions
    if (top === undefined && jobs.some(({ job }) => job.permissions === undefined)) {
      const message =
        'missing permissions: the token gets the default of the repository, which may be all'
      yield { path: ['jobs'], message }
    }
    for (const [scope, access] of isMap(top) ? Object.entries(top) : []) {
      if (access !== 'write') continue
      const path = ['permissions', scope]
      yield { path, message: `every job has the permission to write ${scope}` }
    }
    const places = [{ value: top, path: [] as Path }].concat(
      jobs.map(({ job, path }) => ({ value: job.permissions, path })),
    )
    for (const { value, path } of places) {
      if (value !== 'write-all' && value !== 'read-all') continue
      yield { path: [...path, 'permissions'], message: `${value} grants all permissions` }
    }
  },
}
