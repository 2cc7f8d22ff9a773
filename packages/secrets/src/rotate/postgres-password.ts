import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { UserError } from '@erlmcp/core'
import { openSession } from '@erlmcp/docker'
import { postgresOwner } from '../postgres-owner.ts'
import type { Reader } from './secret-readers.ts'

// Over the socket of the container, which asks for no password: it works whatever the files say.
const psql = `${postgresOwner}
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
  const session = openSession(['exec', '--interactive', reader.id, 'sh', '-c', psql])
  const run = async (statements: string, marker: string): Promise<void> => {
    try {
      await session.ask(`${statements}\n`, marker, 15)
    } catch (error) {
      session.kill()
      throw refused(reader, error as Error)
    }
  }
  const verifier = scramVerifier(next.replace(/\n+$/, ''))
  await run(`BEGIN; ALTER ROLE CURRENT_USER PASSWORD '${verifier}'; SELECT 'prepared';`, 'prepared')
  return { commit: () => run("COMMIT; SELECT 'committed';", 'committed'), end: session.end }
}

function refused({ name }: Reader, { message }: Error): UserError {
  // The server quotes the statement, and with it the verifier.
  const reason = message.split('\n')[0]!.replaceAll(/SCRAM-SHA-256\$\S*/g, '…')
  return new UserError({
    message: `PostgreSQL in ${name} did not take the password: ${reason}`,
    hint: 'Fix that and run again: the rotation resumes where it ended.',
  })
}

/** RFC 5803 as PostgreSQL keeps it; the password is ASCII, so SASLprep leaves it as it is. */
export function scramVerifier(password: string, salt = randomBytes(16), rounds = 4096): string {
  const salted = pbkdf2Sync(password, salt, rounds, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64')
  const server = hmac('Server Key').toString('base64')
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${stored}:${server}`
}
