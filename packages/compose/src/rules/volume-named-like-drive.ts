import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'
import { resolve } from './reading/resolve.ts'

export const volumeNamedLikeDrive: Rule<ComposeFile> = {
  id: 'compose/volume-named-like-drive',
  kind: 'breaks',
  summary: 'A volume of one letter in the short form',
  why: 'Compose takes `d:/data` for a path on drive D, and the engine refuses it.',
  help: 'Give the volume a longer name, or use the long form.',
  references: ['Compose spec, volumes, short syntax'],
  about: ['volumes'],
  bad: { services: { app: { image: 'app:1', volumes: ['d:/data'] } }, volumes: { d: {} } },
  good: { services: { app: { image: 'app:1', volumes: ['data:/data'] } }, volumes: { data: {} } },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'volumes')) {
      for (const [index, mount] of (service.volumes ?? []).entries()) {
        if (typeof mount !== 'string' || !/^[A-Za-z]:\//.test(resolve(mount))) continue
        yield {
          path: [...path, 'volumes', index],
          message: `${name} mounts ${mount}, which reads as a path of Windows`,
        }
      }
    }
  },
}
