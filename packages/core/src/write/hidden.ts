import { readdirSync } from 'node:fs'
import { basename, join, posix } from 'node:path'

const maxNamed = 20

/**
 * Files that an ignore file keeps out of git and that remain after `removedPaths` are removed: without
 * the ignore file, `git add -A` would add them.
 *
 * @param path of the ignore file, relative to `root`
 * @param text of the ignore file
 * @returns paths relative to `root`, at most 20
 */
export function hiddenBy(
  root: string,
  path: string,
  text: string,
  removedPaths: ReadonlySet<string>,
): readonly string[] {
  const isHidden = matcherOf(text)
  const found: string[] = []
  const look = (folder: string, inside: boolean) => {
    for (const entry of entriesOf(join(root, folder))) {
      const one = posix.join(folder, entry.name)
      if (found.length === maxNamed) return
      if (one === path || entry.name === '.git' || removedPaths.has(one)) continue
      const hidden = inside || isHidden(posix.relative(posix.dirname(path), one))
      if (entry.isDirectory() && !isBig(entry.name)) look(one, hidden)
      else if (hidden) found.push(one)
    }
  }
  look(posix.dirname(path), false)
  return found
}

/** Whether a file is an ignore file, which stays while it hides any file. */
export const isIgnoreFile = (path: string): boolean => basename(path) === '.gitignore'

const isBig = (name: string): boolean => name === 'node_modules' || name === '_build'

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    // Git cannot enter it either.
    return []
  }
}

/** Patterns of gitignore(5). A file that `!` includes again counts as hidden, to be safe. */
function matcherOf(text: string): (path: string) => boolean {
  const patterns = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#!]/.test(line))
    .map(patternOf)
  return (path) => patterns.some((pattern) => pattern.test(path))
}

function patternOf(line: string): RegExp {
  const body = line.replace(/\/$/, '')
  const anchored = body.includes('/')
  const glob = body
    .replace(/^\//, '')
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*\*\/|\*\*|\*|\?/g, (found) =>
      found === '**/' ? '(?:.*/)?' : found === '**' ? '.*' : found === '*' ? '[^/]*' : '[^/]',
    )
  return new RegExp(`^${anchored ? '' : '(?:.*/)?'}${glob}$`)
}
