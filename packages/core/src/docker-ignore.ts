import { posix } from 'node:path'

/** The patterns of an ignore file of Docker, without blank lines and comments. */
export function dockerIgnorePatterns(text: string): readonly string[] {
  return text
    .replace(/^\u{feff}/u, '')
    .split('\n')
    .map((line) => (line.startsWith('#') ? '' : line.trim()))
    .filter((line) => line !== '')
}

/**
 * Whether an ignore file keeps a path out of the build: the last pattern that matches it, or a
 * folder above it, decides (Dockerfile reference, .dockerignore).
 *
 * @param path relative to the build context, with `/`
 * @example
 * dockerIgnores(['*', '!apps'], 'secrets/key') // true
 */
export function dockerIgnores(patterns: readonly string[], path: string): boolean {
  const clean = posix.normalize(path)
  let isIgnored = false
  for (const pattern of patterns) {
    const isException = pattern.startsWith('!')
    const own = isException ? pattern.slice(1).trim() : pattern
    if (dockerIgnoreRegExp(own).test(clean)) isIgnored = !isException
  }
  return isIgnored
}

/** A pattern leaves out what it matches and everything below. */
export function dockerIgnoreRegExp(pattern: string): RegExp {
  const clean = posix.normalize(pattern.replace(/^\/+/, '')).replace(/\/$/, '')
  const source = clean.replace(/\*\*\/?|\\.|\[\^?[^\]]+\]|[*?]|[.+^${}()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:.*/)?'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    return token.length > 1 ? token : `\\${token}`
  })
  try {
    return new RegExp(`^${source}(?:/.*)?$`)
  } catch {
    // Docker refuses such a pattern when it builds.
    return /^(?!)/
  }
}
