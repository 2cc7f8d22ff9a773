import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../model/dialect.ts'

export const stackBridgeNetwork: Rule<ComposeFile> = {
  id: 'compose/stack-bridge-network',
  kind: 'breaks',
  summary: 'A bridge network in a stack',
  why: 'A service cannot join it: only networks of the whole swarm are for services.',
  hint: 'Leave the driver out; a stack makes overlays.',
  references: ['Docker "Overlay network driver"'],
  appliesTo: ['swarm'],
  bad: swarm({
    services: { app: { image: 'app:1', networks: ['backend'] } },
    networks: { backend: { driver: 'bridge' } },
  }),
  good: swarm({
    services: { app: { image: 'app:1', networks: ['backend'] } },
    networks: { backend: {} },
  }),
  *check(document) {
    if (!isSwarm(document)) return
    for (const [name, network] of Object.entries(document.data.networks ?? {})) {
      if (network?.driver !== 'bridge') continue
      yield {
        path: ['networks', name, 'driver'],
        message: `${name} is a bridge, which services cannot join`,
      }
    }
  },
}
