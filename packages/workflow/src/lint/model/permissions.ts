import type { PermissionMap, Permissions, WorkflowFile } from '../../document.ts'
import { permissionScopes } from '../../values/validate-permissions.ts'
import { jobsOf } from './jobs.ts'

/** What a part of a called workflow asks of the token. */
export interface PermissionRequest {
  /** `the job deploy`, or `the workflow`. */
  readonly of: string
  readonly permissions: PermissionMap
}

const ranks = ['none', 'read', 'write']

/** How much a right allows: 0 nothing, 1 reading, 2 writing. */
export function rankOf(access: unknown): number {
  return Math.max(0, ranks.indexOf(String(access)))
}

/** Rights scope by scope; what is not there may do nothing. */
export function permissionMapOf(given: Permissions): PermissionMap {
  if (typeof given === 'object') return given ?? {}
  const most = given === 'write-all' ? 'write' : 'read'
  const entries = Object.entries(permissionScopes).map(([scope, allowed]) => [
    scope,
    allowed.includes(most) ? most : 'none',
  ])
  return Object.fromEntries(entries)
}

/**
 * What a workflow asks of the token of who calls it (Reuse workflows, "Access and permissions"): a
 * part that says nothing takes what it is given.
 *
 * @param called the workflow behind a job that calls another; undefined where it is not known
 */
export function* requestsOf(
  file: WorkflowFile,
  called: (uses: string) => WorkflowFile | undefined,
  depth = 0,
): Iterable<PermissionRequest> {
  if (file.permissions !== undefined) {
    yield { of: 'the workflow', permissions: permissionMapOf(file.permissions) }
  }
  for (const { id, job } of jobsOf(file)) {
    if (job.permissions !== undefined) {
      yield { of: `the job ${id}`, permissions: permissionMapOf(job.permissions) }
    } else if (file.permissions === undefined && job.uses !== undefined && depth < deepest) {
      const inner = called(job.uses)
      if (inner) yield* requestsOf(inner, called, depth + 1)
    }
  }
}

/** Workflows call each other at most ten deep. */
const deepest = 10

/** Everything that the requests ask for, together. */
export function unite(requests: Iterable<PermissionRequest>): PermissionMap {
  const all: Record<string, string> = {}
  for (const { permissions } of requests) {
    for (const [scope, access] of Object.entries(permissions)) {
      if (rankOf(access) > rankOf(all[scope])) all[scope] = access
    }
  }
  return all as PermissionMap
}
