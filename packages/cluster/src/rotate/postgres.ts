import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { UserError } from '@erlmcp/core'
import { asOwner } from '../postgres-owner.ts'
import type { Reader } from './containers.ts'

// Over the socket of the container, which asks for no password: it works whatever the files say.
const psql = `${asOwner}
exec psql --no-password --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1`

/** A change of the password that only waits for its commit. */
export interface PreparedPassword {
  commit(): Promise<void>
  /** Ends the session, and with it what was not committed. */
  end(): void
}

/**
 * Prepares a new password for the server's own role. The server is told the SCRAM verifier, never
 * the password, so that it stands in no log of statements.
 */
export async function preparePassword(reader: Reader, next: string): Promise<PreparedPassword> {
  const child = spawn('docker', ['exec', '--interactive', reader.id, 'sh', '-c', psql])
  const say = conversation(child, reader)
  const verifier = scramVerifier(next.replace(/\n+$/, ''))
  try {
    await say(
      `BEGIN; ALTER ROLE CURRENT_USER PASSWORD '${verifier}'; SELECT 'prepared';`,
      'prepared',
    )
  } catch (error) {
    child.kill()
    throw error
  }
  return {
    commit: () => say("COMMIT; SELECT 'committed';", 'committed'),
    end: () => void child.stdin.end(),
  }
}

/** RFC 5803 as PostgreSQL keeps it; the password is ASCII, so SASLprep leaves it as it is. */
export function scramVerifier(password: string, salt = randomBytes(16), rounds = 4096): string {
  const salted = pbkdf2Sync(password, salt, rounds, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64')
  const server = hmac('Server Key').toString('base64')
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${stored}:${server}`
}

function conversation(child: ChildProcessWithoutNullStreams, { name }: Reader) {
  let out = ''
  let err = ''
  let look = () => {}
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  // A session that is gone is told of by `close`.
  child.stdin.on('error', () => {})
  return (statements: string, answer: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const failed = (words: string) => {
        clearTimeout(timer)
        reject(
          new UserError({
            message: `PostgreSQL in ${name} did not take the password: ${words}`,
            hint: 'Mend that and run again: it goes on where it ended.',
          }),
        )
      }
      const timer = setTimeout(() => failed('no answer in 15 seconds'), 15_000)
      child.once('error', ({ message }) => failed(message))
      child.once('close', () => failed(withoutVerifier(err.trim().split('\n')[0] || 'it ended')))
      look = () => {
        if (!out.split('\n').includes(answer)) return
        clearTimeout(timer)
        resolve()
      }
      child.stdin.write(`${statements}\n`)
    })
}

const withoutVerifier = (text: string): string => text.replaceAll(/SCRAM-SHA-256\$\S*/g, '…')
