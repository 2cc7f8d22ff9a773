import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { variables } from '../../model/occurrences.ts'

const secretName =
  /(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|SECRET_KEY|REDISCLI_AUTH)$/i

// `postgres://user:password@host`. Each part is bounded, so that a long text is read in linear time.
const urlWithPassword = /:\/\/[^\s/:@]{0,100}:[^\s/@]{1,200}@/

export const secretInEnvironment: Rule<ComposeFile> = {
  id: 'compose/secret-in-environment',
  kind: 'insecure',
  summary: 'Password in an environment variable',
  why: '`docker inspect`, error logs and every child process expose it.',
  hint: 'Make it a secret, and name its file in the variable that ends in `_FILE`.',
  references: ['CIS Docker 4.10', 'KICS "Passwords And Secrets"'],
  appliesTo: ['environment'],
  bad: {
    services: {
      db: { image: 'postgres:17', environment: { POSTGRES_PASSWORD: '${POSTGRES_PASSWORD}' } },
    },
  },
  good: {
    services: {
      db: {
        image: 'postgres:17',
        environment: { POSTGRES_PASSWORD_FILE: '/run/secrets/db' },
        secrets: ['db'],
      },
    },
    secrets: { db: { file: './secrets/db' } },
  },
  *check({ data }) {
    for (const [variable, uses] of variables(data)) {
      const named = secretName.test(variable)
      for (const { place, entry } of uses) {
        const { value } = entry
        if (named ? value === '' : !(value?.includes('://') && urlWithPassword.test(value)))
          continue
        yield {
          path: [...place.path, 'environment', entry.key],
          message: `${place.name} receives a secret in ${variable}`,
        }
      }
    }
  },
}
