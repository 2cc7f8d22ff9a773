import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'

export const swarmEncryptionUnproven: Rule<ComposeFile> = {
  id: 'compose/swarm-encryption-unproven',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Encrypted overlay network',
  why: 'Encryption needs IPsec (INET_ESP, XFRM) and IP protocol 50 between the nodes. Without them the stack deploys and looks healthy, but no packet crosses nodes; this cannot be checked here.',
  hint: 'Run `modprobe esp4` and `ip xfrm state` on each node, and check the cluster after the deployment: `bin/health cluster`.',
  references: ['Docker "Overlay network driver", encryption'],
  bad: swarm({
    services: { app: { image: 'app:1', networks: ['mesh'] } },
    networks: { mesh: { driver: 'overlay', driver_opts: { encrypted: 'true' } } },
  }),
  good: swarm({
    services: { app: { image: 'app:1', networks: ['mesh'] } },
    networks: { mesh: { driver: 'overlay' } },
  }),
  ...onSwarm(function* (document) {
    for (const [name, network] of Object.entries(document.data.networks ?? {})) {
      const asked = network?.driver_opts?.encrypted
      if (asked === undefined || String(asked) === 'false') continue
      if (network?.driver !== undefined && network.driver !== 'overlay') continue
      yield {
        path: ['networks', name, 'driver_opts', 'encrypted'],
        message: `${name} is encrypted, which needs IPsec in the kernel of every node`,
      }
    }
  }),
}
