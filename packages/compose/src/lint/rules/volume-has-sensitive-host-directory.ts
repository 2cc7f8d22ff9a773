import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { isBelow } from '../../model/mounts.ts'

const folders = [
  ...['/bin', '/boot', '/dev', '/etc', '/lib', '/lib64', '/proc', '/root', '/sbin', '/sys'],
  ...['/usr', '/var/lib/docker', '/var/lib/containerd', '/var/run', '/run'],
]
const harmless = new Set(['/etc/localtime', '/etc/timezone', '/dev/null', '/dev/shm'])

export const volumeHasSensitiveHostDirectory: Rule<ComposeFile> = {
  id: 'compose/volume-has-sensitive-host-directory',
  kind: 'insecure',
  summary: 'System directory of the host in a container',
  why: 'The container can read secrets of the host, and change files that the host executes.',
  hint: 'Mount only the directory that the service needs, read-only.',
  references: ['CIS Docker 5.6', 'KICS "Volume Has Sensitive Host Directory"'],
  bad: { services: { app: { image: 'app:1', volumes: ['/etc:/host/etc:ro'] } } },
  good: { services: { app: { image: 'app:1', volumes: ['./config:/etc/app:ro'] } } },
  ...onServicesWith('volumes', function* ({ name, path, mounts }) {
    for (const { index, type, source } of mounts) {
      if (type !== 'bind' || !source.startsWith('/') || harmless.has(source)) continue
      if (source.endsWith('.sock')) continue
      if (source !== '/' && !folders.some((folder) => isBelow(source, folder))) continue
      yield { path: [...path, 'volumes', index], message: `${name} mounts ${source} of the host` }
    }
  }),
}
