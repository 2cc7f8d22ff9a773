import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onVariables } from '../../model/occurrences.ts'
import { resolve } from '../../model/resolve.ts'

export const cookieBlank: Rule<ComposeFile> = {
  id: 'compose/cookie-blank',
  kind: 'insecure',
  severity: 'error',
  summary: 'Empty Erlang cookie',
  why: 'Any node can join the cluster, or the node does not start.',
  hint: 'Make it a secret with `random({ bytes: 32 })`.',
  references: ['OTP "Distributed Erlang", security'],
  bad: {
    services: { app: { image: 'app:1', environment: { RELEASE_COOKIE: '${RELEASE_COOKIE:-}' } } },
  },
  good: { services: { app: { image: 'app:1' } } },
  ...onVariables(
    (variable) => variable.endsWith('COOKIE'),
    ({ name }, { name: variable, value }) =>
      value !== null && resolve(value) === ''
        ? `${variable} of ${name} is empty when the variable is not set`
        : undefined,
  ),
}
