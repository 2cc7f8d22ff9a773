import { posix } from 'node:path'
import type { RuleContext } from '@erlmcp/core'
import { dockerIgnoredBy, matchesDockerName, mayHoldDockerException } from '@erlmcp/core'

/** What nobody misses in an image: it is left out on purpose, by a pattern for the whole project. */
const unmissed =
  /(?:^|\/)(?:\.git[^/]*|\.svn|\.DS_Store|\.idea|\.vscode|_build|node_modules|target|dist|cover|coverage|logs?|tmp|docs?|tests?|spec|__pycache__|\.env[^/]*|\.erlang\.cookie|erl_crash\.dump|Dockerfile[^/]*|\.dockerignore)(?:\/|$)|\.(?:md|log|dump|swp|bak|tmp|beam|o|pyc|rst|adoc)$|~$|[._-](?:test|spec|SUITE)\.\w+$|_SUITE\.erl$/

/** Entries that are looked at: a folder with more of them is not read to its end. */
const most = 5000

export interface Dropped {
  readonly path: string
  readonly pattern: string
}

/** Files of a copied folder that the builder does not get, and that belong to what is copied. */
export function droppedBelow(
  folder: string,
  context: string,
  patterns: readonly string[],
  { list }: Pick<RuleContext, 'list'>,
): Dropped[] {
  const found: Dropped[] = []
  let left = most
  const visit = (at: string): void => {
    for (const name of list?.(posix.join(context, at)) ?? []) {
      if (--left < 0) return
      const path = posix.join(at, name.replace(/\/$/, ''))
      if (unmissed.test(path.slice(folder.length))) continue
      const pattern = dockerIgnoredBy(path, patterns)
      // A pattern that names the copied folder is about it: its author knows what is left out.
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

/** What a source of COPY with wildcards stands for; undefined where that cannot be known. */
export function expandSource(
  source: string,
  context: string,
  { list }: Pick<RuleContext, 'list'>,
): readonly string[] | undefined {
  if (!list) return undefined
  let found = ['']
  for (const part of posix
    .normalize(source)
    .replace(/^\/+|\/+$/g, '')
    .split('/')) {
    found = found.flatMap((at) =>
      (list(posix.join(context, at)) ?? [])
        .map((name) => name.replace(/\/$/, ''))
        .filter((name) => matchesDockerName(part, name))
        .map((name) => posix.join(at, name)),
    )
  }
  return found
}
