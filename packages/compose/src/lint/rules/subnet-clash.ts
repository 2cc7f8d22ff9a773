import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { overlap, subnets } from '../../model/subnets.ts'

export const subnetClash: Rule<ComposeFile> = {
  id: 'compose/subnet-clash',
  kind: 'breaks',
  summary: 'Overlapping subnets in one file',
  why: 'The engine rejects the second network: "Pool overlaps with other one on this address space".',
  hint: 'Remove the subnets: the engine chooses free ones.',
  references: ['Docker "Bridge network driver"'],
  appliesTo: ['ipam'],
  bad: {
    services: { app: { image: 'app:1', networks: ['front', 'back'] } },
    networks: {
      front: { ipam: { config: [{ subnet: '172.28.0.0/16' }] } },
      back: { ipam: { config: [{ subnet: '172.28.5.0/24' }] } },
    },
  },
  good: {
    services: { app: { image: 'app:1', networks: ['front', 'back'] } },
    networks: { front: {}, back: {} },
  },
  *check({ data }) {
    const sorted = subnets(data)
    for (const [index, second] of sorted.entries()) {
      const first = sorted[index - 1]
      if (!first || !overlap(first, second)) continue
      yield {
        path: second.path,
        message: `${second.network} has ${second.text}, within ${first.text} of ${first.network}`,
      }
    }
  },
}
