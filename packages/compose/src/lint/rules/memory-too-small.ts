import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService } from '../model/each-service.ts'
import { bytes } from '../model/sizes.ts'

// moby, daemon/daemon_unix.go, linuxMinMemory.
const least = 6 * 1024 ** 2

export const memoryTooSmall: Rule<ComposeFile> = {
  id: 'compose/memory-too-small',
  kind: 'breaks',
  summary: 'Less memory than the engine gives to any container',
  why: 'The engine refuses to start it: the least is 6 MB. Mostly a unit was forgotten.',
  hint: 'Write the unit, as 512M.',
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
      const said = service.mem_limit ?? service.deploy?.resources?.limits?.memory
      const limit = bytes(said)
      // 0 is no limit.
      if (!limit || limit >= least) continue
      yield { path: [...path, ...keys], message: `${name} may have ${said} bytes of memory` }
    }
  },
}

const inDeploy = ['deploy', 'resources', 'limits', 'memory']
