import type { Rule } from '@erlmcp/core'
import { calledFile } from '../../model/called-workflow.ts'
import { jobsOf } from '../../model/jobs.ts'
import { permissionMapOf, rankOf, requestsOf } from '../../model/permissions.ts'
import type { Permissions, WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

const itself = './.github/workflows/ci.yml'
const needs = { contents: 'write' } as const

/** A workflow that calls itself, because an example is one file. */
function calling(permissions: Permissions): WorkflowFile {
  return withJobs({
    build: { 'runs-on': 'ubuntu-24.04', permissions: needs },
    again: { uses: itself, permissions },
  })
}

export const callPermissions: Rule<WorkflowFile> = {
  id: 'workflow/call-permissions',
  kind: 'invalid',
  summary: 'Call of a workflow that needs more permissions than the job has',
  why: 'GitHub rejects the run before a job starts: a called workflow cannot have permissions that its caller lacks.',
  hint: 'Grant them under `permissions` of the calling job, or request less in the called workflow.',
  references: ['GitHub docs, "Reuse workflows"'],
  bad: calling({ contents: 'read' }),
  good: calling({ contents: 'write' }),
  *check(document, context) {
    const { data } = document
    const called = (uses: string) => calledFile(uses, document, context)
    for (const { id, job, path } of jobsOf(data)) {
      const granted = job.permissions ?? data.permissions
      const file = job.uses === undefined ? undefined : called(job.uses)
      // Without permissions the setting of the repository applies.
      if (!file || granted === undefined) continue
      const permissions: { readonly [scope: string]: string | undefined } = {
        ...permissionMapOf(granted),
      }
      const reported = new Set<string>()
      for (const { of, permissions: asked } of requestsOf(file, called)) {
        for (const [scope, access] of Object.entries(asked)) {
          if (rankOf(access) <= rankOf(permissions[scope]) || reported.has(scope)) continue
          reported.add(scope)
          const has = permissions[scope] ?? 'none'
          yield {
            path: [...path, job.permissions === undefined ? 'uses' : 'permissions'],
            message: `the job ${id} has ${scope}: ${has}, but ${of} of ${job.uses} needs ${access}`,
            hint: `Write permissions: { ${quoteText(scope)}: '${access}' } in the job ${id}.`,
          }
        }
      }
    }
  },
}

const quoteText = (scope: string) => (/^\w+$/.test(scope) ? scope : `'${scope}'`)
