import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService } from '../../model/each-service.ts'
import { bytes } from '../../model/sizes.ts'

// moby, daemon/daemon_unix.go, linuxMinMemory.
const least = 6 * 1024 ** 2

export const memoryTooSmall: Rule<ComposeFile> = {
  id: 'compose/memory-too-small',
  kind: 'breaks',
  summary: 'Memory limit below the minimum',
  why: 'The engine refuses to start the container: the minimum is 6 MB. Usually the unit is missing.',
  hint: 'Write the unit, as in 512M.',
  references: ['Docker "Runtime options with Memory, CPUs, and GPUs"'],
  bad: {
    services: { app: { image: 'app:1', deploy: { resources: { limits: { memory: '512' } } } } },
  },
  good: {
    services: { app: { image: 'app:1', deploy: { resources: { limits: { memory: '512M' } } } } },
  },
  *check({ data }) {
    for (const { name, service, path } of eachService(data)) {
      const keys = service.mem_limit === undefined ? inDeploy : ['mem_limit']
      const limitText = service.mem_limit ?? service.deploy?.resources?.limits?.memory
      const limit = bytes(limitText)
      // 0 means unlimited.
      if (!limit || limit >= least) continue
      yield {
        path: [...path, ...keys],
        message: `${name} has a memory limit of ${limitText} bytes`,
      }
    }
  },
}

const inDeploy = ['deploy', 'resources', 'limits', 'memory']
