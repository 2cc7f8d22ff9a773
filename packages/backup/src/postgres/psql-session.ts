import { randomBytes } from 'node:crypto'
import { UserError } from '@erlmcp/core'
import { openSession } from '@erlmcp/docker'
import { type PostgresServer, psqlOf } from './server.ts'

/** A psql that stays, so that several statements see one snapshot. */
export interface Session {
  /** Runs statements, and returns what they print. */
  ask(statements: string): Promise<string>
  end(): void
}

/** It ends with this process: what it holds in the server goes with it. */
export function openPsql(server: PostgresServer, database: string): Session {
  const session = openSession(psqlOf(server, database))
  return {
    async ask(statements) {
      const marker = randomBytes(16).toString('hex')
      try {
        return await session.ask(`${statements}\n\\echo ${marker}\n`, marker)
      } catch (error) {
        if (error instanceof UserError) throw error
        throw new UserError({
          message: `PostgreSQL in ${server.service} does not answer as it should`,
          hint: (error as Error).message,
          kind: 'environment',
        })
      }
    },
    end: session.end,
  }
}
