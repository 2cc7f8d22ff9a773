import { posix } from 'node:path'
import { type Document, dockerIgnorePatterns } from '@erlmcp/core'

/** The ignore files of a build, the preferred one first. */
export function ignoreFilesOf(dockerfile: string, buildContext: string): readonly string[] {
  return [`${dockerfile}.dockerignore`, posix.join(buildContext, '.dockerignore')]
}

/** The patterns of the ignore file of a build, which is of the stack or of the project. */
export function ignorePatterns(
  dockerfile: string,
  buildContext: string,
  context: { readonly documents: readonly Document[]; read?(path: string): string | undefined },
): readonly string[] {
  for (const path of ignoreFilesOf(dockerfile, buildContext)) {
    const data = context.documents.find((one) => one.path === posix.normalize(path))?.data
    if (typeof data === 'object' && data !== null && 'text' in data) {
      return dockerIgnorePatterns(String(data.text))
    }
    const text = context.read?.(path)
    if (text !== undefined) return dockerIgnorePatterns(text)
  }
  return []
}
