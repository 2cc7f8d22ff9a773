import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isKnown, resolve } from '../../model/resolve.ts'

export const volumeNeedsHostFolder: Rule<ComposeFile> = {
  id: 'compose/volume-needs-host-folder',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Named volume that needs a host directory',
  why: 'The directory is not created: the container does not start where it is missing.',
  hint: 'Remove the driver options: the engine then stores the data itself.',
  references: ['Docker "docker volume create", local driver'],
  appliesTo: ['driver_opts'],
  bad: {
    services: { app: { image: 'app:1', volumes: ['data:/data'] } },
    volumes: { data: { driver_opts: { type: 'none', o: 'bind', device: '/var/lib/app' } } },
  },
  good: { services: { app: { image: 'app:1', volumes: ['data:/data'] } }, volumes: { data: {} } },
  *check({ data }) {
    for (const [name, volume] of Object.entries(data.volumes ?? {})) {
      const options = volume?.driver_opts
      if (!options?.device || !/\bbind\b/.test(`${options.o ?? ''}`)) continue
      yield {
        path: ['volumes', name, 'driver_opts', 'device'],
        message: `${name} needs the directory ${formatDevice(options.device)} on every host`,
      }
    }
  },
}

function formatDevice(device: string | number): string {
  const text = resolve(device)
  return isKnown(text) ? text : String(device)
}
