import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { earlierFiles } from '../../model/other-files.ts'
import { overlap, type Subnet, subnets } from '../../model/subnets.ts'

// Two files with one network name share that network.
function sameName(a: ComposeFile, mine: Subnet, b: ComposeFile, theirs: Subnet): boolean {
  const name = a.networks?.[mine.network]?.name
  return name !== undefined && name === b.networks?.[theirs.network]?.name
}

export const subnetClashBetweenFiles: Rule<ComposeFile> = {
  id: 'compose/subnet-clash-between-files',
  kind: 'breaks',
  severity: 'note',
  summary: 'Overlapping subnets in two files of the stack',
  why: 'The two files cannot run at the same time: "Pool overlaps with other one on this address space".',
  hint: 'Remove the subnets: the engine chooses free ones.',
  references: ['Docker "Bridge network driver"'],
  appliesTo: ['ipam'],
  bad: {
    services: { app: { image: 'app:1', networks: ['backend'] } },
    networks: { backend: { ipam: { config: [{ subnet: '10.77.0.0/16' }] } } },
  },
  good: { services: { app: { image: 'app:1', networks: ['backend'] } }, networks: { backend: {} } },
  *check(document, context) {
    const own = subnets(document.data)
    if (own.length === 0) return
    for (const other of earlierFiles(document, context)) {
      for (const theirs of subnets(other.data)) {
        for (const mine of own) {
          if (!overlap(mine, theirs) || sameName(document.data, mine, other.data, theirs)) continue
          yield {
            path: mine.path,
            message: `${mine.network} has ${mine.text}, which overlaps: ${theirs.network} of ${other.path} has ${theirs.text}`,
          }
        }
      }
    }
  },
}
