import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { variables } from '../model/occurrences.ts'

export const cookieInEnvironment: Rule<ComposeFile> = {
  id: 'compose/cookie-in-environment',
  kind: 'insecure',
  summary: 'The Erlang cookie as an environment variable',
  why: '`docker inspect`, crash dumps and every child process show it, and it opens every node.',
  hint: 'Make it a secret, and let the start script read the file.',
  references: ['OTP "Distributed Erlang", security'],
  appliesTo: ['environment'],
  bad: {
    services: { app: { image: 'app:1', environment: { ERLANG_COOKIE: '${ERLANG_COOKIE:?}' } } },
  },
  good: {
    services: { app: { image: 'app:1', secrets: ['erlang-cookie'] } },
    secrets: { 'erlang-cookie': { file: './secrets/cookie' } },
  },
  *check({ data }) {
    for (const [variable, uses] of variables(data)) {
      if (!variable.endsWith('COOKIE')) continue
      for (const { place, entry } of uses) {
        yield {
          path: [...place.path, 'environment', entry.key],
          message: `${place.name} gets its cookie in ${variable}`,
        }
      }
    }
  },
}
