import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../model/dialect.ts'

export const stackEncryptionUnproven: Rule<ComposeFile> = {
  id: 'compose/stack-encryption-unproven',
  kind: 'breaks',
  severity: 'warning',
  summary: 'An encrypted overlay, which the kernel of every node must know',
  why: 'It takes IPsec (INET_ESP, XFRM) and IP protocol 50 between the nodes. Where one is missing the stack deploys and looks healthy, and no packet crosses nodes; nothing here can find that out.',
  hint: 'Run `modprobe esp4` and `ip xfrm state` on each node, and after the deployment see that the nodes are there: `bin/health cluster`.',
  references: ['Docker "Overlay network driver", encryption'],
  appliesTo: ['swarm'],
  bad: swarm({
    services: { app: { image: 'app:1', networks: ['mesh'] } },
    networks: { mesh: { driver: 'overlay', driver_opts: { encrypted: 'true' } } },
  }),
  good: swarm({
    services: { app: { image: 'app:1', networks: ['mesh'] } },
    networks: { mesh: { driver: 'overlay' } },
  }),
  *check(document) {
    if (!isSwarm(document)) return
    for (const [name, network] of Object.entries(document.data.networks ?? {})) {
      const asked = network?.driver_opts?.encrypted
      if (asked === undefined || String(asked) === 'false') continue
      if (network?.driver !== undefined && network.driver !== 'overlay') continue
      yield {
        path: ['networks', name, 'driver_opts', 'encrypted'],
        message: `whether the kernels of all nodes can encrypt ${name} is not known here`,
      }
    }
  },
}
