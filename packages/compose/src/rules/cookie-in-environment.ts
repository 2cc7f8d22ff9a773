import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'

export const cookieInEnvironment: Rule<ComposeFile> = {
  id: 'compose/cookie-in-environment',
  kind: 'insecure',
  summary: 'The Erlang cookie as an environment variable',
  why: '`docker inspect`, crash dumps and every child process show it, and it opens every node.',
  help: 'Make it a secret, and let the start script read the file.',
  references: ['OTP "Distributed Erlang", security'],
  bad: {
    services: { app: { image: 'app:1', environment: { ERLANG_COOKIE: '${ERLANG_COOKIE:?}' } } },
  },
  good: {
    services: { app: { image: 'app:1', secrets: ['erlang-cookie'] } },
    secrets: { 'erlang-cookie': { file: './secrets/cookie' } },
  },
  *check({ data }) {
    for (const { name, path, environment } of servicesWith(data, 'environment')) {
      for (const { key, name: variable } of environment) {
        if (!variable.endsWith('COOKIE')) continue
        yield {
          path: [...path, 'environment', key],
          message: `${name} gets its cookie in ${variable}`,
        }
      }
    }
  },
}
