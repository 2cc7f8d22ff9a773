import { posix } from 'node:path'
import { type Document, dockerIgnorePatterns, dockerIgnoreRegExp } from '@erlmcp/core'

/** The files that the builder asks what to leave out, the one it prefers first. */
export function ignoreFilesOf(dockerfile: string, context: string): readonly string[] {
  return [`${dockerfile}.dockerignore`, posix.join(context, '.dockerignore')]
}

/** Patterns of the ignore file, where the stack makes one. */
export function ignorePatterns(
  dockerfile: string,
  context: string,
  documents: readonly Document[],
): readonly string[] {
  for (const path of ignoreFilesOf(dockerfile, context)) {
    const data = documents.find((one) => one.path === path)?.data
    if (typeof data === 'object' && data !== null && 'text' in data) {
      return dockerIgnorePatterns(String(data.text))
    }
  }
  return []
}

/** The pattern that leaves a path out; undefined when it stays or nobody can tell. */
export function ignoredBy(path: string, patterns: readonly string[]): string | undefined {
  // With an exception a folder may be left out and a file of it not: BuildKit does not judge it.
  if (patterns.some((pattern) => pattern.startsWith('!'))) return undefined
  const clean = posix.normalize(path.replace(/^\/+/, '')).replace(/\/$/, '')
  if (clean === '.' || clean === '' || /[*?[]/.test(clean)) return undefined
  return patterns.find((pattern) => dockerIgnoreRegExp(pattern).test(clean))
}
