import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { UserError } from '@erlmcp/core'

// A shell of its own: when this process ends, even by SIGKILL, the pipe closes and it unpauses.
const script = `
for id; do docker pause "$id" >/dev/null || failed=yes; done
if [ -z "\${failed:-}" ]; then echo paused; fi
cat >/dev/null
for id; do docker unpause "$id" >/dev/null 2>&1; done
exit 0
`

/**
 * Pauses containers while a function runs. They continue when it has ended, and when this process is
 * killed.
 *
 * @throws UserError of kind `environment` where one cannot be paused; the others continue
 * @example
 * await whilePaused([id], () => copyVolume())
 */
export async function whilePaused<Result>(
  containers: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  if (containers.length === 0) return work()
  // Detached, so that Ctrl-C does not reach the shell before it has unpaused.
  const child = spawn('sh', ['-c', script, 'sh', ...containers], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.on('error', () => {})
  const closed = once(child, 'close').catch(() => {})
  try {
    const failed = once(child.stderr, 'data').then(() => undefined)
    if ((await Promise.race([once(child.stdout, 'data'), failed, closed])) === undefined) {
      throw new UserError({
        message: 'cannot pause the containers',
        hint: stderr.trim(),
        kind: 'environment',
      })
    }
    return await work()
  } finally {
    child.stdin.end()
    await closed
  }
}
