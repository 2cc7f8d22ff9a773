import { type Rule, splitMount } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'
import { isForWindows } from '../../model/windows.ts'

export const volumeNamedLikeDrive: Rule<ComposeFile> = {
  id: 'compose/volume-named-like-drive',
  kind: 'breaks',
  summary: 'Volume with a one-letter name in the short syntax',
  why: 'Compose reads `d:/data` as a path on drive D, and the engine rejects it.',
  hint: 'Give the volume a longer name, or use the long syntax.',
  references: ['Compose spec, volumes, short syntax'],
  bad: { services: { app: { image: 'app:1', volumes: ['d:/data'] } }, volumes: { d: {} } },
  good: { services: { app: { image: 'app:1', volumes: ['data:/data'] } }, volumes: { data: {} } },
  ...onServicesWith('volumes', function* ({ name, service, path }) {
    if (isForWindows(service)) return
    for (const [index, mount] of (service.volumes ?? []).entries()) {
      if (typeof mount !== 'string' || !isDriveAlone(resolve(mount))) continue
      yield {
        path: [...path, 'volumes', index],
        message: `${name} mounts ${mount}, which Compose reads as a Windows path`,
      }
    }
  }),
}

/** Whether a whole mount is a path on a drive instead of a volume and a target. */
function isDriveAlone(text: string): boolean {
  return /^[A-Za-z]:\//.test(text) && splitMount(text)[1]?.startsWith('/') !== true
}
