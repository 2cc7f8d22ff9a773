import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

/**
 * A git repository with tags, each at a commit of its own.
 *
 * @param annotated whether the tags are objects of their own, as releases have them
 * @returns the commits, by tag
 */
export function repository(
  folder: string,
  tags: readonly string[],
  annotated = false,
): ReadonlyMap<string, string> {
  mkdirSync(folder, { recursive: true })
  const git = (...argv: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...argv], {
      cwd: folder,
      encoding: 'utf8',
    }).trim()
  git('init', '-q')
  return new Map(
    tags.map((tag) => {
      git('commit', '-q', '--allow-empty', '-m', tag)
      git('tag', ...(annotated ? ['-a', '-m', tag] : []), tag)
      return [tag, git('rev-parse', 'HEAD')]
    }),
  )
}

/** Points a tag at the newest commit, as an attacker does. */
export function moveTag(folder: string, tag: string): void {
  execFileSync('git', ['tag', '-f', tag], { cwd: folder, stdio: 'ignore' })
}
