import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'

export const volumeInTwoServices: Rule<ComposeFile> = {
  id: 'compose/volume-in-two-services',
  kind: 'breaks',
  severity: 'note',
  summary: 'One volume that two services write',
  why: "Two programs that do not know of each other overwrite each other's files.",
  help: 'Mount it read-only where it is only read, or give each service its own.',
  references: ['KICS "Shared Volumes Between Containers"'],
  bad: {
    services: {
      app: { image: 'app:1', volumes: ['data:/data'] },
      web: { image: 'web:1', volumes: ['data:/srv'] },
    },
    volumes: { data: {} },
  },
  good: {
    services: {
      app: { image: 'app:1', volumes: ['data:/data'] },
      web: { image: 'web:1', volumes: ['data:/srv:ro'] },
    },
    volumes: { data: {} },
  },
  *check({ data }) {
    const writers = new Map<string, string>()
    for (const { name, path, mounts } of servicesWith(data, 'volumes')) {
      for (const { index, type, source, readOnly } of mounts) {
        if (type !== 'volume' || source === '' || readOnly) continue
        const other = writers.get(source)
        if (other === undefined) writers.set(source, name)
        else if (other !== name) {
          yield {
            path: [...path, 'volumes', index],
            message: `${name} and ${other} both write ${source}`,
          }
        }
      }
    }
  },
}
