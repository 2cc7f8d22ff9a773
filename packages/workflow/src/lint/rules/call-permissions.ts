import type { Rule } from '@erlmcp/core'
import type { Permissions, WorkflowFile } from '../../schema/document.gen.ts'
import { calledFile } from '../model/called-workflow.ts'
import { withJobs } from '../model/example.ts'
import { jobsOf } from '../model/jobs.ts'
import { permissionMapOf, rankOf, requestsOf } from '../model/permissions.ts'

const itself = './.github/workflows/ci.yml'
const needs = { contents: 'write' } as const

/** A workflow that calls itself: an example needs a second file, and has none. */
function calling(permissions: Permissions): WorkflowFile {
  return withJobs({
    build: { 'runs-on': 'ubuntu-24.04', permissions: needs },
    again: { uses: itself, permissions },
  })
}

export const callPermissions: Rule<WorkflowFile> = {
  id: 'workflow/call-permissions',
  kind: 'invalid',
  summary: 'A call of a workflow that asks for more rights than the job has',
  why: 'GitHub refuses the run before a job starts: a called workflow has no right that its caller lacks.',
  hint: 'Grant it under `permissions` of the job that calls, or ask for less in the called workflow.',
  references: ['GitHub docs, "Reuse workflows"'],
  bad: calling({ contents: 'read' }),
  good: calling({ contents: 'write' }),
  *check(document, context) {
    const { data } = document
    const called = (uses: string) => calledFile(uses, document, context)
    for (const { id, job, path } of jobsOf(data)) {
      const granted = job.permissions ?? data.permissions
      const file = job.uses === undefined ? undefined : called(job.uses)
      // Where nothing is said, the repository decides.
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
            message: `the job ${id} has ${scope}: ${has}, and ${of} of ${job.uses} asks for ${access}`,
            hint: `Write permissions: { ${quoteText(scope)}: '${access}' } in the job ${id}.`,
          }
        }
      }
    }
  },
}

const quoteText = (scope: string) => (/^\w+$/.test(scope) ? scope : `'${scope}'`)
