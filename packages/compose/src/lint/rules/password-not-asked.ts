import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onVariables } from '../../model/occurrences.ts'
import { resolve } from '../../model/resolve.ts'

// The variables with which database images disable authentication.
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
  summary: 'Database without authentication',
  why: 'Any client on its network can read and write everything; a password beside it has no effect.',
  hint: 'Remove the variable, and pass the password as a secret.',
  references: ['Docker Official Images, postgres', 'PostgreSQL manual, 20.4'],
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
  ...onVariables(
    (variable) => Object.hasOwn(open, variable),
    ({ name }, { name: variable, value }) =>
      open[variable]!.test(resolve(value))
        ? `${name} accepts clients without a password: ${variable} is ${resolve(value)}`
        : undefined,
  ),
}
