import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { isBelow } from '../model/mounts.ts'

const folders = [
  ...['/bin', '/boot', '/dev', '/etc', '/lib', '/lib64', '/proc', '/root', '/sbin', '/sys'],
  ...['/usr', '/var/lib/docker', '/var/lib/containerd', '/var/run', '/run'],
]
const harmless = new Set(['/etc/localtime', '/etc/timezone', '/dev/null', '/dev/shm'])

export const sensitiveHostFolder: Rule<ComposeFile> = {
  id: 'compose/sensitive-host-folder',
  kind: 'insecure',
  summary: "A folder of the host's system in a container",
  why: 'What the container reads there are secrets of the host; what it writes there, the host runs.',
  hint: 'Mount only the folder that the service needs, read-only.',
  references: ['CIS Docker 5.6', 'KICS "Volume Has Sensitive Host Directory"'],
  appliesTo: ['volumes'],
  bad: { services: { app: { image: 'app:1', volumes: ['/etc:/host/etc:ro'] } } },
  good: { services: { app: { image: 'app:1', volumes: ['./config:/etc/app:ro'] } } },
  *check({ data }) {
    for (const { name, path, mounts } of servicesWith(data, 'volumes')) {
      for (const { index, type, source } of mounts) {
        if (type !== 'bind' || !source.startsWith('/') || harmless.has(source)) continue
        if (source.endsWith('.sock')) continue
        if (source !== '/' && !folders.some((folder) => isBelow(source, folder))) continue
        yield { path: [...path, 'volumes', index], message: `${name} mounts ${source} of the host` }
      }
    }
  },
}
