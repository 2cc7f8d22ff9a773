import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'

export const hostDevice: Rule<ComposeFile> = {
  id: 'compose/host-device',
  kind: 'insecure',
  severity: 'note',
  summary: 'A device of the host',
  why: "The container works on the hardware past the host's own file systems and users.",
  hint: 'Remove it, or give the permissions that are needed alone: `:r`.',
  references: ['CIS Docker 5.18'],
  appliesTo: ['devices'],
  bad: { services: { app: { image: 'app:1', devices: ['/dev/sda:/dev/sda'] } } },
  good: { services: { app: { image: 'app:1' } } },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'devices')) {
      for (const [index, device] of (service.devices ?? []).entries()) {
        const source = typeof device === 'string' ? device.split(':')[0] : device.source
        yield { path: [...path, 'devices', index], message: `${name} uses ${source} of the host` }
      }
    }
  },
}
