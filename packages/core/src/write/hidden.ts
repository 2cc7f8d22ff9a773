import { readdirSync } from 'node:fs'
import { basename, join, posix } from 'node:path'

// So many are named that a user sees what it is about.
const most = 20

/**
 * Files that an ignore file keeps out of version control, and that stay when the files of `going`
 * are removed: without the ignore file, `git add -A` takes them.
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
  const hiddenPaths = matcherOf(text)
  const found: string[] = []
  const look = (folder: string, inside: boolean) => {
    for (const entry of entriesOf(join(root, folder))) {
      const one = posix.join(folder, entry.name)
      if (found.length === most) return
      if (one === path || entry.name === '.git' || removedPaths.has(one)) continue
      const hidden = inside || hiddenPaths(posix.relative(posix.dirname(path), one))
      if (entry.isDirectory() && !isBig(entry.name)) look(one, hidden)
      else if (hidden) found.push(one)
    }
  }
  look(posix.dirname(path), false)
  return found
}

/** Whether an ignore file may go only when nothing that it hides is left. */
export const isIgnoreFile = (path: string): boolean => basename(path) === '.gitignore'

const isBig = (name: string): boolean => name === 'node_modules' || name === '_build'

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    // One that this user may not enter, git cannot enter either.
    return []
  }
}

/** Patterns of gitignore(5). What a `!` takes out again is taken for hidden, to be safe. */
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
