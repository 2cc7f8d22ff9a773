import { createHash } from 'node:crypto'
import { UserError } from '@erlmcp/core'
import { runDocker } from '@erlmcp/docker'
import type { Reader } from './secret-readers.ts'

// The password comes from the file in the container; redis-cli ends with 0 after an error.
const cli = 'REDISCLI_AUTH="$(cat "$1")" exec redis-cli -h 127.0.0.1'

/** From now on the new password is accepted, and the old one too. */
export async function acceptToo(reader: Reader, next: string): Promise<void> {
  const reply = await ask(reader, `ACL SETUSER default #${hash(next)}`)
  if (reply !== 'OK') throw refused(reader, reply)
}

/** From now on the old password is refused. Twice is harmless. */
export async function acceptNoMore(reader: Reader, old: string): Promise<void> {
  const reply = await ask(reader, `ACL SETUSER default !${hash(old)}`)
  // After a restart the server never knew it.
  if (reply !== 'OK' && !reply.includes('does not exist')) throw refused(reader, reply)
}

async function ask({ id, target }: Reader, command: string): Promise<string> {
  const { stdout, stderr } = await runDocker(
    ['exec', '--interactive', id, 'sh', '-c', cli, 'sh', target],
    { input: `${command}\n` },
  )
  return stdout.trim() || stderr.trim()
}

// As the server's start script does, which reads the file with `$(cat …)`.
const hash = (content: string): string =>
  createHash('sha256').update(content.replace(/\n+$/, '')).digest('hex')

function refused({ name }: Reader, reply: string): UserError {
  // The server names the hash that it was given.
  const words = reply.replaceAll(/[0-9a-f]{64}/g, '…').split('\n')[0]
  return new UserError({
    message: `Redis in ${name} did not take the password: ${words}`,
    hint: 'Fix that and run again: the rotation resumes where it ended.',
  })
}
