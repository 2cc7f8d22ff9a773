import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'

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
  summary: 'A capability that is as good as root of the host',
  why: 'With it a process of the container changes the host.',
  hint: 'Remove it; if the program needs it, give it a machine of its own.',
  references: ['CIS Docker 5.4', 'KICS "Container Capabilities Unrestricted"', 'capabilities(7)'],
  appliesTo: ['cap_add'],
  bad: { services: { app: { image: 'app:1', cap_add: ['SYS_ADMIN'] } } },
  good: { services: { app: { image: 'app:1', cap_add: ['NET_BIND_SERVICE'] } } },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'cap_add')) {
      for (const [index, capability] of (service.cap_add ?? []).entries()) {
        if (!strong.has(capability.toUpperCase().replace(/^CAP_/, ''))) continue
        yield { path: [...path, 'cap_add', index], message: `${name} may do ${capability}` }
      }
    }
  },
}
