import type { BuiltImage } from '@erlmcp/core'

/** Whether a `build` is an image that another document builds. */
export function isBuiltImage(build: unknown): build is BuiltImage {
  return typeof build === 'object' && build !== null && 'image' in build && 'writable' in build
}
