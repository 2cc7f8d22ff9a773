import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { UserError } from '@erlmcp/core'
import { type PostgresServer, psqlOf } from './server.ts'

/** A psql that stays, so that one snapshot can be looked at from several sides. */
export interface Session {
  /** Runs statements, and returns what they print. */
  ask(statements: string): Promise<string>
  end(): void
}

/** It ends with this process: what it holds in the server goes with it. */
export function openSession(server: PostgresServer, database: string): Session {
  const child = spawn('docker', psqlOf(server, database), { stdio: ['pipe', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  let over: string | undefined
  let look = () => {}
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const ended = (message: string) => {
    over ??= message
    look()
  }
  child.once('error', ({ message }) => ended(message))
  child.once('close', () => ended(err.trim().split('\n').slice(-3).join('\n  ') || 'it ended'))
  // A session that is gone is told of by `close`.
  child.stdin.on('error', () => {})
  return {
    ask(statements) {
      const mark = randomBytes(16).toString('hex')
      return new Promise((resolve, reject) => {
        look = () => {
          const at = out.indexOf(`${mark}\n`)
          if (at >= 0) {
            const said = out.slice(0, at)
            out = out.slice(at + mark.length + 1)
            resolve(said)
          } else if (over !== undefined) {
            reject(
              new UserError({
                message: `PostgreSQL in ${server.service} does not answer as it should`,
                hint: over,
                kind: 'environment',
              }),
            )
          }
        }
        look()
        child.stdin.write(`${statements}\n\\echo ${mark}\n`)
      })
    },
    end: () => void child.stdin.end(),
  }
}
