import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'

export const encryptedBridge: Rule<ComposeFile> = {
  id: 'compose/encrypted-bridge',
  kind: 'insecure',
  summary: 'Encryption on a network driver without encryption',
  why: 'A bridge ignores the option: traffic is not encrypted.',
  hint: 'Remove `encrypted`, or use TLS between the services. Only an overlay network encrypts.',
  references: ['Docker "Overlay network driver", encryption'],
  appliesTo: ['driver_opts'],
  bad: {
    services: { app: { image: 'app:1', networks: ['backend'] } },
    networks: { backend: { driver: 'bridge', driver_opts: { encrypted: 'true' } } },
  },
  good: {
    services: { app: { image: 'app:1', networks: ['backend'] } },
    networks: { backend: { internal: true } },
  },
  *check(document) {
    for (const [name, network] of Object.entries(document.data.networks ?? {})) {
      if (network?.driver_opts?.encrypted === undefined) continue
      const driver = network.driver ?? (isSwarm(document) ? 'overlay' : 'bridge')
      if (driver === 'overlay') continue
      yield {
        path: ['networks', name, 'driver_opts', 'encrypted'],
        message: `${name} is a ${driver} network, which does not encrypt`,
      }
    }
  },
}
