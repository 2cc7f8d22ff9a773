import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'

export const bindVolumeWithoutDevice: Rule<ComposeFile> = {
  id: 'compose/bind-volume-without-device',
  kind: 'breaks',
  summary: 'Bind volume without a device',
  why: 'The container does not start: the volume cannot be mounted without a device.',
  hint: 'Name the folder in `device`, or remove the options.',
  references: ['Docker "docker volume create", local driver'],
  appliesTo: ['driver_opts'],
  bad: {
    services: { app: { image: 'app:1', volumes: ['data:/data'] } },
    volumes: { data: { driver_opts: { type: 'none', o: 'bind' } } },
  },
  good: { services: { app: { image: 'app:1', volumes: ['data:/data'] } }, volumes: { data: {} } },
  *check({ data }) {
    for (const [name, volume] of Object.entries(data.volumes ?? {})) {
      const options = volume?.driver_opts
      if (!options || options.device || (volume.driver ?? 'local') !== 'local') continue
      if (!/\bbind\b/.test(`${options.o ?? ''}`)) continue
      yield {
        path: ['volumes', name, 'driver_opts'],
        message: `${name} is a bind volume without a device`,
      }
    }
  },
}
