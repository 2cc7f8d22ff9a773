import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'

export const healthOnlyPgIsready: Rule<ComposeFile> = {
  id: 'compose/health-only-pg-isready',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A healthcheck that asks PostgreSQL only whether it listens',
  why: '`pg_isready` tries no password, and the server that initializes the data answers it too.',
  hint: "Ask over TCP with the password: `psql -h 127.0.0.1 -c 'select 1'`.",
  references: ['PostgreSQL pg_isready'],
  appliesTo: ['healthcheck'],
  bad: {
    services: {
      db: { image: 'postgres:17', healthcheck: { test: ['CMD-SHELL', 'pg_isready -U app'] } },
    },
  },
  good: {
    services: {
      db: {
        image: 'postgres:17',
        healthcheck: {
          test: ['CMD-SHELL', 'PGPASSFILE=/run/db/pgpass psql -h 127.0.0.1 -c "select 1"'],
        },
      },
    },
  },
  *check({ data }) {
    for (const { name, path, healthLine } of servicesWith(data, 'healthcheck')) {
      const line = healthLine
      if (!line.includes('pg_isready') || line.includes('psql')) continue
      yield {
        path: [...path, 'healthcheck', 'test'],
        message: `${name} is healthy as soon as anything listens`,
      }
    }
  },
}
