import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { UserError } from '@erlmcp/core'
import { openSession } from '@erlmcp/docker'
import { postgresOwner } from '../password/postgres-owner.ts'
import type { SecretReader } from './secret-readers.ts'

// Over the Unix socket of the container, which needs no password.
const psql = `${postgresOwner}
exec psql --no-password --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1`

/** A password change that is ready to be committed. */
export interface PreparedPassword {
  commit(): Promise<void>
  /** Ends the session; an uncommitted change is rolled back. */
  end(): void
}

/**
 * Prepares a new password for the server's own role. The server gets the SCRAM verifier instead of the
 * password, so that no log of statements shows it.
 */
export async function preparePostgresPassword(
  reader: SecretReader,
  next: string,
): Promise<PreparedPassword> {
  const session = openSession(['exec', '--interactive', reader.id, 'sh', '-c', psql])
  const run = async (statements: string, marker: string): Promise<void> => {
    try {
      await session.ask(`${statements}\n`, marker, 15)
    } catch (error) {
      session.kill()
      throw refusal(reader, error as Error)
    }
  }
  const verifier = scramVerifier(next.replace(/\n+$/, ''))
  await run(`BEGIN; ALTER ROLE CURRENT_USER PASSWORD '${verifier}'; SELECT 'prepared';`, 'prepared')
  return { commit: () => run("COMMIT; SELECT 'committed';", 'committed'), end: session.end }
}

function refusal({ name }: SecretReader, { message }: Error): UserError {
  // The server quotes the statement with the verifier.
  const reason = message.split('\n')[0]!.replaceAll(/SCRAM-SHA-256\$\S*/g, '…')
  return new UserError({
    message: `PostgreSQL in ${name} rejected the password: ${reason}`,
    hint: 'Fix that and run the command again: the rotation resumes.',
  })
}

/** Computes the verifier (RFC 5803) that PostgreSQL stores. SASLprep does not change an ASCII password. */
function scramVerifier(password: string, salt = randomBytes(16), rounds = 4096): string {
  const salted = pbkdf2Sync(password, salt, rounds, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64')
  const server = hmac('Server Key').toString('base64')
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${stored}:${server}`
}
