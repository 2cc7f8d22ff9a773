import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'

export const swarmBridgeNetwork: Rule<ComposeFile> = {
  id: 'compose/swarm-bridge-network',
  kind: 'breaks',
  summary: 'Bridge network in a stack',
  why: 'Services cannot join it: they need a network with swarm scope.',
  hint: 'Remove the driver: a stack creates overlay networks.',
  references: ['Docker "Overlay network driver"'],
  bad: swarm({
    services: { app: { image: 'app:1', networks: ['backend'] } },
    networks: { backend: { driver: 'bridge' } },
  }),
  good: swarm({
    services: { app: { image: 'app:1', networks: ['backend'] } },
    networks: { backend: {} },
  }),
  ...onSwarm(function* (document) {
    for (const [name, network] of Object.entries(document.data.networks ?? {})) {
      if (network?.driver !== 'bridge') continue
      yield {
        path: ['networks', name, 'driver'],
        message: `${name} is a bridge network, which services of a swarm cannot join`,
      }
    }
  }),
}
