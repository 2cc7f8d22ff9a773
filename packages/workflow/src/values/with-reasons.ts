import { COMMENTS } from '@erlmcp/core'
import type { PermissionMap } from '../schema/document.gen.ts'

/**
 * Permissions of a token, each with the reason as a comment in the file, for reviewers and for the
 * `undocumented-permissions` audit of zizmor.
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
