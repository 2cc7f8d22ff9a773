import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../../model/each-service.ts'

const namespaces = ['network_mode', 'pid', 'ipc', 'uts', 'userns_mode', 'cgroup'] as const

export const hostNamespace: Rule<ComposeFile> = {
  id: 'compose/host-namespace',
  kind: 'insecure',
  summary: 'Namespace shared with the host',
  why: 'The container is not isolated: it sees the processes, memory, network or users of the host.',
  hint: 'Remove the key.',
  references: [
    'CIS Docker 5.10',
    'CIS Docker 5.16',
    'CIS Docker 5.17',
    'CIS Docker 5.21',
    'CIS Docker 5.31',
    'KICS "Shared Host Network Namespace"',
    'KICS "Host Namespace is Shared"',
    'KICS "Shared Host IPC Namespace"',
    'KICS "Shared Host User Namespace"',
  ],
  appliesTo: namespaces,
  bad: { services: { app: { image: 'app:1', pid: 'host' } } },
  good: { services: { app: { image: 'app:1' } } },
  *check({ data }) {
    for (const key of namespaces) {
      for (const { name, service, path } of servicesWith(data, key)) {
        if (service[key] !== 'host') continue
        yield { path: [...path, key], message: `${name} shares ${key} with the host` }
      }
    }
  },
}
