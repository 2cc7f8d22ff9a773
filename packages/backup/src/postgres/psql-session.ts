import { randomBytes } from 'node:crypto'
import { UserError } from '@erlmcp/core'
import { openSession } from '@erlmcp/docker'
import { type PostgresServer, psqlArgs } from './server.ts'

/** A psql session, whose statements see one snapshot. */
export interface Session {
  /** Runs statements, and returns what they print. */
  ask(statements: string): Promise<string>
  end(): void
}

/** Opens a session, which ends with this process. */
export function openPsql(server: PostgresServer, database: string): Session {
  const session = openSession(psqlArgs(server, database))
  return {
    async ask(statements) {
      const marker = randomBytes(16).toString('hex')
      try {
        return await session.ask(`${statements}\n\\echo ${marker}\n`, marker)
      } catch (error) {
        if (error instanceof UserError) throw error
        throw new UserError({
          message: `PostgreSQL in ${server.service} failed to answer`,
          hint: (error as Error).message,
          kind: 'environment',
        })
      }
    },
    end: session.end,
  }
}
