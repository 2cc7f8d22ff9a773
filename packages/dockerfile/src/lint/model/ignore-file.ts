import { posix } from 'node:path'
import { type Document, dockerIgnorePatterns } from '@erlmcp/core'

/** The files that the builder asks what to leave out, the one it prefers first. */
export function ignoreFilesOf(dockerfile: string, context: string): readonly string[] {
  return [`${dockerfile}.dockerignore`, posix.join(context, '.dockerignore')]
}

/** Lines of the ignore file that the builder takes: one of the stack, or one that the project has. */
export function ignorePatterns(
  dockerfile: string,
  context: string,
  around: { readonly documents: readonly Document[]; read?(path: string): string | undefined },
): readonly string[] {
  for (const path of ignoreFilesOf(dockerfile, context)) {
    const data = around.documents.find((one) => one.path === posix.normalize(path))?.data
    if (typeof data === 'object' && data !== null && 'text' in data) {
      return dockerIgnorePatterns(String(data.text))
    }
    const text = around.read?.(path)
    if (text !== undefined) return dockerIgnorePatterns(text)
  }
  return []
}
