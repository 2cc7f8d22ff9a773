import { type Origin, UserError } from '@erlmcp/core'
import type { PermissionMap, Permissions } from '../document.ts'
import { validateKeys } from './validate-keys.ts'

const any = ['read', 'write', 'none']
/** Every scope of the token, and what it can be. */
export const permissionScopes: Readonly<Record<keyof PermissionMap, readonly string[]>> = {
  actions: any,
  'artifact-metadata': any,
  attestations: any,
  checks: any,
  'code-quality': any,
  contents: any,
  'copilot-requests': ['write', 'none'],
  deployments: any,
  discussions: any,
  drives: any,
  'id-token': ['write', 'none'],
  issues: any,
  models: ['read', 'none'],
  packages: any,
  pages: any,
  'pull-requests': any,
  'repository-projects': any,
  'security-events': any,
  statuses: any,
  'vulnerability-alerts': ['read', 'none'],
}

/**
 * Refuses a right that GitHub does not have: it refuses the whole workflow.
 *
 * @param message has the rights, for messages: `job build`
 * @throws UserError
 */
export function validatePermissions(
  message: string,
  given: Permissions | undefined,
  origin: Origin,
): void {
  if (given === undefined || given === 'read-all' || given === 'write-all') return
  const refuse = (problem: string, hint: string): never => {
    throw new UserError({ message: `permissions of ${message}: ${problem}`, hint, origin })
  }
  if (typeof given !== 'object' || given === null) {
    refuse(`${JSON.stringify(given)} is none`, "Write { contents: 'read' }, or {} for none at all.")
  }
  validateKeys(`permissions of ${message}`, given, Object.keys(permissionScopes), origin)
  for (const [scope, right] of Object.entries(given)) {
    const permissions = permissionScopes[scope as keyof PermissionMap]
    if (right !== undefined && !permissions.includes(right)) {
      refuse(
        `${scope} cannot be ${JSON.stringify(right)}`,
        `It can be ${permissions.join(' or ')}.`,
      )
    }
  }
}
