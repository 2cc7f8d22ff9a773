import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { variables } from '../model/occurrences.ts'
import { resolve } from '../model/resolve.ts'

export const cookieBlank: Rule<ComposeFile> = {
  id: 'compose/cookie-blank',
  kind: 'insecure',
  severity: 'error',
  summary: 'An Erlang cookie that is blank',
  why: 'Every node that knows nothing may join, or the node does not start.',
  hint: 'Make it a secret with `random({ bytes: 32 })`.',
  references: ['OTP "Distributed Erlang", security'],
  appliesTo: ['environment'],
  bad: {
    services: { app: { image: 'app:1', environment: { RELEASE_COOKIE: '${RELEASE_COOKIE:-}' } } },
  },
  good: { services: { app: { image: 'app:1' } } },
  *check({ data }) {
    for (const [variable, uses] of variables(data)) {
      if (!variable.endsWith('COOKIE')) continue
      for (const { place, entry } of uses) {
        if (entry.value === null || resolve(entry.value) !== '') continue
        yield {
          path: [...place.path, 'environment', entry.key],
          message: `${variable} of ${place.name} is blank when nobody sets it`,
        }
      }
    }
  },
}
