import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isDistributionPort } from '../../model/distribution.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { resolveNumber } from '../../model/resolve.ts'

export const distributionPortShared: Rule<ComposeFile> = {
  id: 'compose/distribution-port-shared',
  kind: 'breaks',
  summary: 'Erlang distribution port used twice',
  why: 'Only one of the two can listen: the other fails when the node starts.',
  hint: 'Give the distribution its own port.',
  references: ['OTP kernel(6), inet_dist_listen_min'],
  bad: {
    services: {
      app: {
        image: 'app:1',
        environment: { ERL_DIST_PORT: 9100, METRICS_PORT: '${METRICS:-9100}' },
      },
    },
  },
  good: {
    services: { app: { image: 'app:1', environment: { ERL_DIST_PORT: 9100, METRICS_PORT: 9568 } } },
  },
  ...onServicesWith('environment', function* ({ name, path, environment }) {
    const own = environment
    const distribution = own.find((entry) => isDistributionPort(entry.name))
    if (!distribution) return
    const port = resolveNumber(distribution.value ?? undefined)
    if (port === undefined) return
    for (const { key, name: variable, value } of own) {
      if (variable === distribution.name || !variable.endsWith('_PORT')) continue
      // A port with a host beside it is one of that host.
      if (own.some((entry) => entry.name === variable.replace(/_PORT$/, '_HOST'))) continue
      if (resolveNumber(value ?? undefined) !== port) continue
      yield {
        path: [...path, 'environment', key],
        message: `${variable} and ${distribution.name} of ${name} are both ${port}`,
      }
    }
  }),
}
