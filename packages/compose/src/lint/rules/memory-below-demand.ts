import type { Rule } from '@erlmcp/core'
import { memoryDemands } from '../../defaults/memory.ts'
import type { ComposeFile } from '../../document.ts'
import { eachService } from '../model/each-service.ts'
import { bytes } from '../model/sizes.ts'

export const memoryBelowDemand: Rule<ComposeFile> = {
  id: 'compose/memory-below-demand',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A program that is told to take more memory than its container may have',
  why: 'The kernel kills it as soon as it uses what it was told to use, often days later.',
  hint: 'Raise the limit a quarter above the setting, or lower the setting.',
  references: ['Docker "Runtime options with Memory, CPUs, and GPUs"'],
  bad: {
    services: { app: { image: 'app:1', mem_limit: '512M', environment: { JAVA_OPTS: '-Xmx1g' } } },
  },
  good: {
    services: { app: { image: 'app:1', mem_limit: '1536M', environment: { JAVA_OPTS: '-Xmx1g' } } },
  },
  *check({ data }) {
    for (const { name, service, path } of eachService(data)) {
      const inDeploy = service.mem_limit === undefined
      const said = service.mem_limit ?? service.deploy?.resources?.limits?.memory
      const limit = bytes(said)
      if (!limit) continue
      const demands = memoryDemands(service)
      if (demands.reduce((sum, demand) => sum + demand.bytes, 0) < limit) continue
      yield {
        path: [
          ...path,
          ...(inDeploy ? ['deploy', 'resources', 'limits', 'memory'] : ['mem_limit']),
        ],
        message: `${name} may have ${said} of memory, and is told to take as much by ${demands.map((one) => one.name).join(' and ')}`,
      }
    }
  },
}
