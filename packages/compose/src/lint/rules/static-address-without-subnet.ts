import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'

export const staticAddressWithoutSubnet: Rule<ComposeFile> = {
  id: 'compose/static-address-without-subnet',
  kind: 'invalid',
  summary: 'Fixed address on a network without a fixed subnet',
  why: 'The engine rejects the container: only networks with a configured subnet support fixed addresses.',
  hint: 'Use the name of the service instead of an address.',
  references: ['Docker "docker network connect"'],
  bad: {
    services: { app: { image: 'app:1', networks: { backend: { ipv4_address: '10.5.0.5' } } } },
    networks: { backend: {} },
  },
  good: {
    services: { app: { image: 'app:1', networks: { backend: {} } } },
    networks: { backend: {} },
  },
  ...onServicesWith('networks', function* ({ name, service, path }, { data }) {
    if (!service.networks || Array.isArray(service.networks)) return
    for (const [key, attachment] of Object.entries(service.networks)) {
      const network = data.networks?.[key]
      if (!attachment?.ipv4_address || network === undefined) continue
      if (network?.external || network?.ipam?.config?.length) continue
      yield {
        path: [...path, 'networks', key, 'ipv4_address'],
        message: `${name} requests ${attachment.ipv4_address} on ${key}, which has no fixed subnet`,
      }
    }
  }),
}
