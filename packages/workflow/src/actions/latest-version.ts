import { startGit, UserError } from '@erlmcp/core'
import type { Locked } from './pins.ts'

/**
 * The tags of a repository and their commits, by `git ls-remote`: nothing is downloaded.
 *
 * @param action `owner/repo`, or `owner/repo/path`
 * @param host Default: `GITHUB_SERVER_URL`, or github.com
 * @throws UserError of kind `environment` where the repository is unreachable
 */
export async function listTags(
  action: string,
  host = process.env.GITHUB_SERVER_URL || 'https://github.com',
): Promise<ReadonlyMap<string, string>> {
  const repository = `${host}/${action.split('/').slice(0, 2).join('/')}`
  const result = await startGit('.', ['ls-remote', '--tags', '--', repository], {
    // GitHub asks for a password where a repository does not exist.
    env: { GIT_TERMINAL_PROMPT: '0' },
    timeout: 30,
  })
  if (result?.isOk) return readTags(Buffer.from(result.stdout).toString())
  throw new UserError({
    message: `cannot read the tags of ${repository}: ${result ? faultOf(result.stderr) : 'git is not installed'}`,
    hint: 'Check the network and the name; the lock is unchanged.',
    kind: 'environment',
  })
}

/** The fault in the output of git; its last lines are advice. */
function faultOf(text: string): string {
  const lines = text.trim().split('\n')
  return lines.find((line) => line.startsWith('fatal:')) ?? lines.at(-1) ?? ''
}

/** Tags by name. The commit of an annotated tag is on a second line. */
function readTags(output: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>()
  for (const line of output.split('\n')) {
    const match = /^([0-9a-f]{40})\trefs\/tags\/(.+?)(\^\{\})?$/.exec(line)
    if (match) tags.set(match[2]!, match[1]!)
  }
  return tags
}

/** The highest version among tags, without prereleases (`v2.0.0-rc.1`) and moving tags (`v2`). */
export function latestVersion(tags: ReadonlyMap<string, string>): Locked | undefined {
  const versions = [...tags].flatMap(([tag, sha]) => {
    const parts = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(tag)?.slice(1).map(Number)
    return parts ? [{ tag, sha, parts }] : []
  })
  versions.sort((a, b) => compare(b.parts, a.parts))
  const [first] = versions
  return first && { tag: first.tag, sha: first.sha }
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((part, at) => part !== b[at])
  return index < 0 ? 0 : a[index]! - b[index]!
}
