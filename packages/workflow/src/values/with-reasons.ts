import { COMMENTS } from '@erlmcp/core'
import type { PermissionMap } from '../document.ts'

/**
 * Rights of a token, each with what it is needed for: a comment behind it in the file, for whoever
 * reviews it, and for zizmor's `undocumented-permissions`.
 *
 * @param permissions what the token may do
 * @param reasons one line each
 * @example
 * job('publish', {
 *   permissions: withReasons({ packages: 'write' }, { packages: 'pushes the image' }),
 *   …
 * })
 */
export function withReasons(
  permissions: PermissionMap,
  reasons: { readonly [Scope in keyof PermissionMap]: string },
): PermissionMap {
  return Object.freeze({ ...permissions, [COMMENTS]: Object.freeze({ ...reasons }) })
}
