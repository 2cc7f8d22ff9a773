import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'

export const healthOnlyPgIsready: Rule<ComposeFile> = {
  id: 'compose/health-only-pg-isready',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Healthcheck that only checks that PostgreSQL listens',
  why: '`pg_isready` does not authenticate, and also passes for the server that initializes the data.',
  hint: "Connect over TCP with the password: `psql -h 127.0.0.1 -c 'select 1'`.",
  references: ['PostgreSQL pg_isready'],
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
  ...onServicesWith('healthcheck', function* ({ name, path, healthLine }) {
    const line = healthLine
    if (!line.includes('pg_isready') || line.includes('psql')) return
    yield {
      path: [...path, 'healthcheck', 'test'],
      message: `the healthcheck of ${name} only checks that a server listens`,
    }
  }),
}
