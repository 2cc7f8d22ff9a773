import type { PermissionMap, Permissions, WorkflowFile } from '../schema/document.gen.ts'
import { accessOf, permissionScopes } from '../schema/permissions.ts'
import { jobsOf } from './jobs.ts'

/** The permissions that a part of a called workflow needs. */
export interface PermissionRequest {
  /** `the job deploy`, or `the workflow`. */
  readonly of: string
  readonly permissions: PermissionMap
}

const ranks = ['none', 'read', 'write']

/** How much an access allows: 0 nothing, 1 reading, 2 writing. */
export function rankOf(access: unknown): number {
  return Math.max(0, ranks.indexOf(String(access)))
}

/** Permissions by scope; a missing scope grants nothing. */
export function permissionMapOf(given: Permissions): PermissionMap {
  if (typeof given === 'object') return given ?? {}
  const most = given === 'write-all' ? 'write' : 'read'
  const entries = Object.entries(permissionScopes).map(([name, scope]) => [
    name,
    accessOf(scope).includes(most) ? most : 'none',
  ])
  return Object.fromEntries(entries)
}

/** Workflows call each other at most ten deep. */
const deepest = 10

/**
 * The permissions that a workflow needs from its caller (Reuse workflows, "Access and permissions").
 * A part that sets none takes those of the caller.
 *
 * @param called the workflow that a job calls; undefined where it is unknown
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

/** The permissions of all requests together. */
export function unitePermissions(requests: Iterable<PermissionRequest>): PermissionMap {
  const all: Record<string, string> = {}
  for (const { permissions } of requests) {
    for (const [scope, access] of Object.entries(permissions)) {
      if (rankOf(access) > rankOf(all[scope])) all[scope] = access
    }
  }
  return all as PermissionMap
}
