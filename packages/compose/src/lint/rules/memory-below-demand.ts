import type { Rule } from '@erlmcp/core'
import { memoryDemands } from '../../defaults/memory.ts'
import type { ComposeFile } from '../../document.ts'
import { eachService } from '../../model/each-service.ts'
import { bytes } from '../../model/sizes.ts'

export const memoryBelowDemand: Rule<ComposeFile> = {
  id: 'compose/memory-below-demand',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Memory limit below the configured use',
  why: 'The kernel kills the program when it uses the memory that it is configured to use, often days later.',
  hint: 'Set the limit a quarter above the setting, or reduce the setting.',
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
      const limitText = service.mem_limit ?? service.deploy?.resources?.limits?.memory
      const limit = bytes(limitText)
      if (!limit) continue
      const demands = memoryDemands(service)
      if (demands.reduce((sum, demand) => sum + demand.bytes, 0) < limit) continue
      yield {
        path: [
          ...path,
          ...(inDeploy ? ['deploy', 'resources', 'limits', 'memory'] : ['mem_limit']),
        ],
        message: `${name} has a memory limit of ${limitText}, but is configured to use as much by ${demands.map((one) => one.name).join(' and ')}`,
      }
    }
  },
}
