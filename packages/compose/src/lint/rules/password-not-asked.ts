import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { variables } from '../model/occurrences.ts'
import { resolve } from '../model/resolve.ts'

// The words with which images of databases are told to ask for no password.
const open: Readonly<Record<string, RegExp>> = {
  POSTGRES_HOST_AUTH_METHOD: /^trust$/,
  ALLOW_EMPTY_PASSWORD: /^(?:yes|true|1)$/i,
  MYSQL_ALLOW_EMPTY_PASSWORD: /./,
  MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: /./,
}

export const passwordNotAsked: Rule<ComposeFile> = {
  id: 'compose/password-not-asked',
  kind: 'insecure',
  severity: 'error',
  summary: 'A database that lets everybody in',
  why: 'Whoever reaches its network reads and writes everything; the password beside it is for show.',
  hint: 'Take the variable away, and give the password as a secret.',
  references: ['Docker Official Images, postgres', 'PostgreSQL manual, 20.4'],
  appliesTo: ['environment'],
  bad: {
    services: {
      db: { image: 'postgres:17', environment: { POSTGRES_HOST_AUTH_METHOD: 'trust' } },
    },
  },
  good: {
    services: {
      db: { image: 'postgres:17', environment: { POSTGRES_HOST_AUTH_METHOD: 'scram-sha-256' } },
    },
  },
  *check({ data }) {
    const found = variables(data)
    for (const variable of Object.keys(open)) {
      for (const { place, entry } of found.get(variable) ?? []) {
        if (!open[variable]!.test(resolve(entry.value))) continue
        yield {
          path: [...place.path, 'environment', entry.key],
          message: `${place.name} asks nobody for a password: ${variable} is ${resolve(entry.value)}`,
        }
      }
    }
  },
}
