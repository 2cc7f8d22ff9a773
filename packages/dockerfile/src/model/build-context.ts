import { posix } from 'node:path'
import type { RuleContext } from '@erlmcp/core'
import { dockerIgnoredBy, matchesDockerName, mayHoldDockerException } from '@erlmcp/core'

/** Files that images do not need: ignore files leave them out in the whole project. */
const unneeded =
  /(?:^|\/)(?:\.git[^/]*|\.svn|\.DS_Store|\.idea|\.vscode|_build|node_modules|target|dist|cover|coverage|logs?|tmp|docs?|tests?|spec|__pycache__|\.env[^/]*|\.erlang\.cookie|erl_crash\.dump|Dockerfile[^/]*|\.dockerignore)(?:\/|$)|\.(?:md|log|dump|swp|bak|tmp|beam|o|pyc|rst|adoc)$|~$|[._-](?:test|spec|SUITE)\.\w+$|_SUITE\.erl$/

/** How many entries of a folder are read. */
const maxEntries = 5000

/** A file that the ignore file excludes, and the pattern that does. */
export interface ExcludedFile {
  readonly path: string
  readonly pattern: string
}

/** Files of a copied folder that the ignore file excludes although an image may need them. */
export function findExcludedBelow(
  folder: string,
  buildContext: string,
  patterns: readonly string[],
  { list }: Pick<RuleContext, 'list'>,
): ExcludedFile[] {
  const found: ExcludedFile[] = []
  let left = maxEntries
  const visit = (at: string): void => {
    for (const name of list?.(posix.join(buildContext, at)) ?? []) {
      if (--left < 0) return
      const path = posix.join(at, name.replace(/\/$/, ''))
      if (unneeded.test(path.slice(folder.length))) continue
      const pattern = dockerIgnoredBy(path, patterns)
      // A pattern that begins with the copied folder excludes its files on purpose.
      const isOnPurpose = pattern?.startsWith(`${folder}/`)
      if (name.endsWith('/') && (pattern === undefined || mayHoldDockerException(path, patterns))) {
        visit(path)
      } else if (pattern !== undefined && !isOnPurpose)
        found.push({ path: name.endsWith('/') ? `${path}/` : path, pattern })
    }
  }
  visit(folder)
  return found
}

/** The paths that match a source of COPY with wildcards; `undefined` without access to files. */
export function expandSource(
  source: string,
  buildContext: string,
  { list }: Pick<RuleContext, 'list'>,
): readonly string[] | undefined {
  if (!list) return undefined
  let found = ['']
  for (const part of posix
    .normalize(source)
    .replace(/^\/+|\/+$/g, '')
    .split('/')) {
    found = found.flatMap((at) =>
      (list(posix.join(buildContext, at)) ?? [])
        .map((name) => name.replace(/\/$/, ''))
        .filter((name) => matchesDockerName(part, name))
        .map((name) => posix.join(at, name)),
    )
  }
  return found
}
