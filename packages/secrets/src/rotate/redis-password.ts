import { sha256, UserError } from '@erlmcp/core'
import { runDocker } from '@erlmcp/docker'
import type { SecretReader } from './secret-readers.ts'

// The password is read from the file in the container. redis-cli exits 0 after an error.
const cli = 'REDISCLI_AUTH="$(cat "$1")" exec redis-cli -h 127.0.0.1'

/** Has the server accept a new password beside the old one. */
export async function addRedisPassword(reader: SecretReader, next: string): Promise<void> {
  const reply = await ask(reader, `ACL SETUSER default #${hash(next)}`)
  if (reply !== 'OK') throw refusal(reader, reply)
}

/** Has the server reject the old password. It can be repeated. */
export async function removeRedisPassword(reader: SecretReader, old: string): Promise<void> {
  const reply = await ask(reader, `ACL SETUSER default !${hash(old)}`)
  // A server that was restarted does not know the old password.
  if (reply !== 'OK' && !reply.includes('does not exist')) throw refusal(reader, reply)
}

async function ask({ id, target }: SecretReader, command: string): Promise<string> {
  const { stdout, stderr } = await runDocker(
    ['exec', '--interactive', id, 'sh', '-c', cli, 'sh', target],
    { input: `${command}\n` },
  )
  return stdout.trim() || stderr.trim()
}

// The start script of the server reads the file with `$(cat …)`.
const hash = (content: string): string => sha256(content.replace(/\n+$/, ''))

function refusal({ name }: SecretReader, reply: string): UserError {
  // The server quotes the hash.
  const words = reply.replaceAll(/[0-9a-f]{64}/g, '…').split('\n')[0]
  return new UserError({
    message: `Redis in ${name} rejected the password: ${words}`,
    hint: 'Fix that and run the command again: the rotation resumes.',
  })
}
