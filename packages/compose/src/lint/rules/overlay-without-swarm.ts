import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'

export const overlayWithoutSwarm: Rule<ComposeFile> = {
  id: 'compose/overlay-without-swarm',
  kind: 'breaks',
  summary: 'Overlay network without a swarm',
  why: 'The engine refuses to create it: "This node is not a swarm manager".',
  hint: 'Remove the driver; on one host a bridge is enough.',
  references: ['Docker "Overlay network driver"'],
  appliesTo: ['driver'],
  bad: {
    services: { app: { image: 'app:1', networks: ['mesh'] } },
    networks: { mesh: { driver: 'overlay' } },
  },
  good: { services: { app: { image: 'app:1', networks: ['mesh'] } }, networks: { mesh: {} } },
  *check(document) {
    if (isSwarm(document)) return
    for (const [name, network] of Object.entries(document.data.networks ?? {})) {
      if (network?.driver !== 'overlay' || network.external) continue
      yield {
        path: ['networks', name, 'driver'],
        message: `${name} is an overlay network, which needs a swarm`,
      }
    }
  },
}
