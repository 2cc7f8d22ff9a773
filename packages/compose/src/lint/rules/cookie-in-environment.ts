import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onVariables } from '../../model/occurrences.ts'

export const cookieInEnvironment: Rule<ComposeFile> = {
  id: 'compose/cookie-in-environment',
  kind: 'insecure',
  summary: 'Erlang cookie in an environment variable',
  why: '`docker inspect`, crash dumps and every child process expose it, and it gives access to every node.',
  hint: 'Make it a secret, and let the start script read the file.',
  references: ['OTP "Distributed Erlang", security'],
  bad: {
    services: { app: { image: 'app:1', environment: { ERLANG_COOKIE: '${ERLANG_COOKIE:?}' } } },
  },
  good: {
    services: { app: { image: 'app:1', secrets: ['erlang-cookie'] } },
    secrets: { 'erlang-cookie': { file: './secrets/cookie' } },
  },
  ...onVariables(
    (variable) => variable.endsWith('COOKIE'),
    ({ name }, { name: variable }) => `${name} receives the Erlang cookie in ${variable}`,
  ),
}
