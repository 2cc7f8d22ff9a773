import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isDistributionPort } from '../model/distribution.ts'
import { servicesWith } from '../model/each-service.ts'
import { resolveNumber } from '../model/resolve.ts'

export const distributionPortShared: Rule<ComposeFile> = {
  id: 'compose/distribution-port-shared',
  kind: 'breaks',
  summary: 'The Erlang distribution shares its port with something else',
  why: 'Only one of the two can listen: the other fails at the start of the node.',
  hint: 'Give the distribution a port of its own.',
  references: ['OTP kernel(6), inet_dist_listen_min'],
  appliesTo: ['environment'],
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
  *check({ data }) {
    for (const { name, path, environment } of servicesWith(data, 'environment')) {
      const own = environment
      const distribution = own.find((entry) => isDistributionPort(entry.name))
      if (!distribution) continue
      const port = resolveNumber(distribution.value ?? undefined)
      if (port === undefined) continue
      for (const { key, name: variable, value } of own) {
        if (variable === distribution.name || !variable.endsWith('_PORT')) continue
        // The port of another host is no port of this one.
        if (own.some((entry) => entry.name === variable.replace(/_PORT$/, '_HOST'))) continue
        if (resolveNumber(value ?? undefined) !== port) continue
        yield {
          path: [...path, 'environment', key],
          message: `${variable} and ${distribution.name} of ${name} are both ${port}`,
        }
      }
    }
  },
}
