import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'
import { resolve } from './reading/resolve.ts'

export const cookieBlank: Rule<ComposeFile> = {
  id: 'compose/cookie-blank',
  kind: 'insecure',
  severity: 'error',
  summary: 'An Erlang cookie that is blank',
  why: 'Every node that knows nothing may join, or the node does not start.',
  help: 'Make it a secret with `random({ bytes: 32 })`.',
  references: ['OTP "Distributed Erlang", security'],
  bad: {
    services: { app: { image: 'app:1', environment: { RELEASE_COOKIE: '${RELEASE_COOKIE:-}' } } },
  },
  good: { services: { app: { image: 'app:1' } } },
  *check({ data }) {
    for (const { name, path, environment } of servicesWith(data, 'environment')) {
      for (const { key, name: variable, value } of environment) {
        if (!variable.endsWith('COOKIE') || value === null || resolve(value) !== '') continue
        yield {
          path: [...path, 'environment', key],
          message: `${variable} of ${name} is blank when nobody sets it`,
        }
      }
    }
  },
}
