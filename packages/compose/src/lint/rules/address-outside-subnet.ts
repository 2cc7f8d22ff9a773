import { BlockList, isIP } from 'node:net'
import type { Path, Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { resolve } from '../../model/resolve.ts'

export const addressOutsideSubnet: Rule<ComposeFile> = {
  id: 'compose/address-outside-subnet',
  kind: 'invalid',
  summary: 'Network address outside the subnet',
  why: 'The engine rejects the network: "no matching subnet", or "parent subnet doesn\'t contain".',
  hint: 'Choose an address inside the subnet.',
  references: ['Compose spec, ipam'],
  bad: {
    services: { app: { image: 'app:1', networks: ['edge'] } },
    networks: { edge: { ipam: { config: [{ subnet: '10.10.0.0/24', gateway: '10.20.0.1' }] } } },
  },
  good: {
    services: { app: { image: 'app:1', networks: ['edge'] } },
    networks: { edge: { ipam: { config: [{ subnet: '10.10.0.0/24', gateway: '10.10.0.1' }] } } },
  },
  *check({ data }) {
    for (const [name, network] of Object.entries(data.networks ?? {})) {
      for (const [index, pool] of (network?.ipam?.config ?? []).entries()) {
        const path: Path = ['networks', name, 'ipam', 'config', index]
        const auxiliary = Object.entries(pool.aux_addresses ?? {})
        const all: (readonly [keys: readonly string[], text: string | undefined])[] = [
          [['gateway'], pool.gateway],
          [['ip_range'], pool.ip_range],
          ...auxiliary.map(([key, text]) => [['aux_addresses', key], text] as const),
        ]
        for (const [keys, written] of all) {
          const address = resolve(written)
          if (!isOutside(address.split('/')[0]!, resolve(pool.subnet))) continue
          yield {
            path: [...path, ...keys],
            message: `${keys.join('.')} ${address} of the network ${name} is outside ${pool.subnet}`,
          }
        }
      }
    }
  },
}

function isOutside(address: string, subnet: string): boolean {
  const [net = '', length = ''] = subnet.split('/')
  const version = isIP(net)
  // Another family has a pool of its own; what is not an address has no answer.
  if (version === 0 || isIP(address) !== version || !/^\d{1,3}$/.test(length)) return false
  if (Number(length) > (version === 4 ? 32 : 128)) return false
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const block = new BlockList()
  block.addSubnet(net, Number(length), family)
  return !block.check(address, family)
}
