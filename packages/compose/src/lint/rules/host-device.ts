import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'

export const hostDevice: Rule<ComposeFile> = {
  id: 'compose/host-device',
  kind: 'insecure',
  severity: 'note',
  summary: 'Host device in a container',
  why: 'The container accesses the hardware directly, past the file systems and users of the host.',
  hint: 'Remove it, or grant only the permissions that are needed: `:r`.',
  references: ['CIS Docker 5.18'],
  bad: { services: { app: { image: 'app:1', devices: ['/dev/sda:/dev/sda'] } } },
  good: { services: { app: { image: 'app:1' } } },
  ...onServicesWith('devices', function* ({ name, service, path }) {
    for (const [index, device] of (service.devices ?? []).entries()) {
      const source = typeof device === 'string' ? device.split(':')[0] : device.source
      yield {
        path: [...path, 'devices', index],
        message: `${name} has access to ${source} of the host`,
      }
    }
  }),
}
