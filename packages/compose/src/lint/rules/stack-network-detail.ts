import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'

export const stackNetworkDetail: Rule<ComposeFile> = {
  id: 'compose/stack-network-detail',
  kind: 'invalid',
  summary: 'Network option that a stack rejects',
  why: '`docker stack deploy` rejects the whole file: its schema has only subnets.',
  hint: 'Remove it: the swarm chooses gateways and addresses.',
  references: ['docker stack config, schema 3.13'],
  bad: swarm({
    services: { app: { image: 'app:1', networks: ['backend'] } },
    networks: { backend: { ipam: { config: [{ subnet: '10.5.0.0/24', gateway: '10.5.0.1' }] } } },
  }),
  good: swarm({
    services: { app: { image: 'app:1', networks: ['backend'] } },
    networks: { backend: { ipam: { config: [{ subnet: '10.5.0.0/24' }] } } },
  }),
  ...onSwarm(function* (document) {
    for (const [name, network] of Object.entries(document.data.networks ?? {})) {
      for (const key of ['enable_ipv4', 'enable_ipv6'] as const) {
        if (network?.[key] === undefined) continue
        yield { path: ['networks', name, key], message: `a stack rejects ${key} of ${name}` }
      }
      for (const [index, pool] of (network?.ipam?.config ?? []).entries()) {
        for (const key of ['gateway', 'ip_range', 'aux_addresses'] as const) {
          if (pool[key] === undefined) continue
          yield {
            path: ['networks', name, 'ipam', 'config', index, key],
            message: `a stack rejects ${key} of ${name}`,
          }
        }
      }
    }
  }),
}
