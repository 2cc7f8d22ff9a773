import { posix } from 'node:path'

/** The patterns of a .dockerignore, as moby's ignorefile.ReadAll cleans them. */
export function dockerIgnorePatterns(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '!')
    .map((line) => (line.startsWith('!') ? `!${clean(line.slice(1).trim())}` : clean(line)))
}

function clean(pattern: string): string {
  const normal = posix.normalize(pattern).replace(/(?<=.)\/$/, '')
  return normal.length > 1 && normal.startsWith('/') ? normal.slice(1) : normal
}

/**
 * The pattern that leaves a path out; undefined when it is sent. As moby's patternmatcher decides
 * (MatchesUsingParentResults): the last pattern that matches the path, or that matched a folder
 * above it when that was judged.
 *
 * @param path relative to the build context
 */
export function dockerIgnoredBy(path: string, patterns: readonly string[]): string | undefined {
  const parts = clean(path).split('/')
  if (parts.length === 1 && ['.', '', '/'].includes(parts[0]!)) return undefined
  const matched = patterns.map(() => false)
  let found: string | undefined
  for (let depth = 1; depth <= parts.length; depth++) {
    const at = parts.slice(0, depth).join('/')
    found = undefined
    for (const [n, pattern] of patterns.entries()) {
      const isException = pattern.startsWith('!')
      // What is sent needs no exception, and what is left out no second reason.
      const isAsked = isException === (found !== undefined)
      matched[n] ||= isAsked && matcherOf(isException ? pattern.slice(1) : pattern)(at)
      if (matched[n]) found = isException ? undefined : pattern
    }
  }
  return found
}

/**
 * Whether a file below a folder may be sent although the folder is left out: an exception names it,
 * or may.
 */
export function mayHoldDockerException(folder: string, patterns: readonly string[]): boolean {
  const parts = clean(folder).split('/')
  return patterns.some((pattern) => {
    if (!pattern.startsWith('!')) return false
    const words = pattern.slice(1).split('/')
    const deep = words.indexOf('**')
    const known = deep < 0 ? words : words.slice(0, deep)
    if (deep < 0 && words.length <= parts.length) return false
    return known.slice(0, parts.length).every((word, n) => matcherOf(word)(parts[n]!))
  })
}

const matchers = new Map<string, (path: string) => boolean>()

/** Whether a name matches a pattern of COPY, which has the same notation (Go, filepath.Match). */
export function matchesDockerName(pattern: string, name: string): boolean {
  return matcherOf(pattern)(name)
}

/** One pattern without its `!`, as moby's patternmatcher compiles it. */
function matcherOf(pattern: string): (path: string) => boolean {
  const matcher = matchers.get(pattern) ?? compile(pattern)
  matchers.set(pattern, matcher)
  return matcher
}

function compile(pattern: string): (path: string) => boolean {
  // `**` at the beginning, before plain text, is the end of a path and not only of a folder.
  const rest = /^\*\*\/?([^*?[\]\\]+)$/.exec(pattern)
  if (rest) {
    const suffix = pattern.slice(2)
    return (path) => path.endsWith(suffix) || path === suffix.replace(/^\//, '')
  }
  const source = pattern.replace(/\*\*\/?$|\*\*\/?|\\.|[*?.+(){}|$^\\]/g, (token, at: number) => {
    if (token.startsWith('**')) return at + token.length === pattern.length ? '.*' : '(?:.*/)?'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    // Only in a class does it negate.
    if (token === '^') return pattern[at - 1] === '[' ? '^' : '\\^'
    // A backslash before a letter is the letter.
    return token.length > 1 && /\w/.test(token[1]!)
      ? token[1]!
      : token.length > 1
        ? token
        : `\\${token}`
  })
  try {
    const expression = new RegExp(`^${source}$`, 's')
    return (path) => expression.test(path)
  } catch {
    // The builder refuses the file as well.
    return () => false
  }
}
