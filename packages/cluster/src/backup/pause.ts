import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { UserError } from '@erlmcp/core'
import { docker } from './docker.ts'

// Whoever ends this process, by whatever signal: the pipe closes, and the containers go on.
const script = `
for id; do docker pause "$id" >/dev/null || failed=yes; done
if [ -z "\${failed:-}" ]; then echo paused; fi
cat >/dev/null
for id; do docker unpause "$id" >/dev/null 2>&1; done
exit 0
`

/**
 * Holds containers still while something is read, so that all of it is of one moment: what is then
 * read is what a crash would have left.
 *
 * @throws UserError when one cannot be held
 */
export async function whilePaused<Result>(
  containers: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  if (containers.length === 0) return work()
  // Detached: Ctrl-C ends us alone.
  const child = spawn('sh', ['-c', script, 'sh', ...containers], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stdin.on('error', () => {})
  const closed = once(child, 'close').catch(() => {})
  try {
    const failed = once(child.stderr, 'data').then(() => undefined)
    if ((await Promise.race([once(child.stdout, 'data'), failed, closed])) === undefined) {
      throw new UserError({
        message: 'the containers that write a volume cannot be held still',
        hint: `${said.trim()}\n  With --live they write while their files are read.`,
        kind: 'environment',
      })
    }
    return await work()
  } finally {
    child.stdin.end()
    await closed
  }
}

/** The running containers, of any project, that can write to one of these volumes. */
export async function writersOf(volumes: readonly string[]): Promise<readonly string[]> {
  const filters = volumes.flatMap((volume) => ['--filter', `volume=${volume}`])
  if (volumes.length === 0) return []
  const words = ['ps', '--quiet', '--no-trunc', '--filter', 'status=running', ...filters]
  const ids = (await docker(words, 'asking who writes a volume')).split('\n').filter(Boolean)
  if (ids.length === 0) return []
  const found: {
    Id: string
    Mounts: { Name?: string; RW: boolean }[]
  }[] = JSON.parse(await docker(['inspect', ...ids], 'asking who writes a volume'))
  return found
    .filter(({ Mounts }) => Mounts.some(({ Name, RW }) => RW && volumes.includes(Name ?? '')))
    .map(({ Id }) => Id)
}
