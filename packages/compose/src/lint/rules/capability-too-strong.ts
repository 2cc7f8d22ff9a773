import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'

const strong = new Set([
  'ALL',
  'BPF',
  'DAC_READ_SEARCH',
  'NET_ADMIN',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
  'SYS_TIME',
])

export const capabilityTooStrong: Rule<ComposeFile> = {
  id: 'compose/capability-too-strong',
  kind: 'insecure',
  summary: 'Capability equivalent to root on the host',
  why: 'A process with it can change the host.',
  hint: 'Remove it. If the program needs it, run the program on a dedicated machine.',
  references: ['CIS Docker 5.4', 'KICS "Container Capabilities Unrestricted"', 'capabilities(7)'],
  bad: { services: { app: { image: 'app:1', cap_add: ['SYS_ADMIN'] } } },
  good: { services: { app: { image: 'app:1', cap_add: ['NET_BIND_SERVICE'] } } },
  ...onServicesWith('cap_add', function* ({ name, service, path }) {
    for (const [index, capability] of (service.cap_add ?? []).entries()) {
      if (!strong.has(capability.toUpperCase().replace(/^CAP_/, ''))) continue
      yield {
        path: [...path, 'cap_add', index],
        message: `${name} has the capability ${capability}`,
      }
    }
  }),
}
