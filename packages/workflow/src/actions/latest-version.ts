import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { UserError } from '@erlmcp/core'
import type { Locked } from './pins.ts'

const run = promisify(execFile)

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
  const options = {
    // GitHub asks for a password where a repository does not exist.
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    timeout: 30_000,
    maxBuffer: 2 ** 26,
  }
  try {
    const { stdout } = await run('git', ['ls-remote', '--tags', '--', repository], options)
    return readTags(stdout)
  } catch (error) {
    const { stderr = '', code } = error as { stderr?: string; code?: unknown }
    const reason = code === 'ENOENT' ? 'git is not installed' : faultOf(stderr) || 'timeout of 30 s'
    throw new UserError({
      message: `cannot read the tags of ${repository}: ${reason}`,
      hint: 'Check the network and the name; the lock is unchanged.',
      kind: 'environment',
    })
  }
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
