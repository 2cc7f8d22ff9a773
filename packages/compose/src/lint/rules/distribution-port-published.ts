import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { distributionPorts } from '../../model/distribution.ts'
import { onServicesWith, pathOfPort } from '../../model/each-service.ts'
import { formatRange, meet } from '../../model/ports.ts'

export const distributionPortPublished: Rule<ComposeFile> = {
  id: 'compose/distribution-port-published',
  kind: 'insecure',
  severity: 'error',
  summary: 'Published Erlang distribution port',
  why: 'Anyone with the cookie runs any code in the node, and without TLS the cookie can be intercepted.',
  hint: 'Remove the port: nodes on one network reach each other.',
  references: ['OTP "Distributed Erlang", security'],
  bad: {
    services: {
      app: { image: 'app:1', environment: { ERL_DIST_PORT: 9100 }, ports: ['${DIST:-9100}:9100'] },
    },
  },
  good: {
    services: {
      app: { image: 'app:1', environment: { ERL_DIST_PORT: 9100 }, ports: ['127.0.0.1:8080:8080'] },
    },
  },
  ...onServicesWith('ports', function* (place, { data }) {
    const ports = distributionPorts(data, place)
    for (const port of place.ports) {
      const { target } = port
      const open = target && ports.find((range) => meet(range, target))
      if (!open) continue
      yield {
        path: pathOfPort(place, port),
        message: `${place.name} publishes port ${formatRange(open)} of the Erlang distribution`,
      }
    }
  }),
}
