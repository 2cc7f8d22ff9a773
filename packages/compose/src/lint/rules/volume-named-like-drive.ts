import { type Rule, splitMount } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { resolve } from '../model/resolve.ts'
import { isForWindows } from '../model/windows.ts'

export const volumeNamedLikeDrive: Rule<ComposeFile> = {
  id: 'compose/volume-named-like-drive',
  kind: 'breaks',
  summary: 'A volume of one letter in the short form',
  why: 'Compose takes `d:/data` for a path on drive D, and the engine refuses it.',
  hint: 'Give the volume a longer name, or use the long form.',
  references: ['Compose spec, volumes, short syntax'],
  appliesTo: ['volumes'],
  bad: { services: { app: { image: 'app:1', volumes: ['d:/data'] } }, volumes: { d: {} } },
  good: { services: { app: { image: 'app:1', volumes: ['data:/data'] } }, volumes: { data: {} } },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'volumes')) {
      if (isForWindows(service)) continue
      for (const [index, mount] of (service.volumes ?? []).entries()) {
        if (typeof mount !== 'string' || !isDriveAlone(resolve(mount))) continue
        yield {
          path: [...path, 'volumes', index],
          message: `${name} mounts ${mount}, which reads as a path of Windows`,
        }
      }
    }
  },
}

/** Whether all of a mount is a path on a drive, where a volume and a place were meant. */
function isDriveAlone(text: string): boolean {
  return /^[A-Za-z]:\//.test(text) && splitMount(text)[1]?.startsWith('/') !== true
}
