import type { Path, Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../../model/each-service.ts'

export const sharedVolumesBetweenContainers: Rule<ComposeFile> = {
  id: 'compose/shared-volumes-between-containers',
  kind: 'breaks',
  severity: 'note',
  summary: 'Volume written by two services',
  why: "Two programs that do not coordinate overwrite each other's files.",
  hint: 'Mount it read-only where it is only read, or give each service its own.',
  references: ['KICS "Shared Volumes Between Containers"'],
  appliesTo: ['volumes'],
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
    // By volume, every service that writes it, and where the second one mounts it.
    const writers = new Map<string, { readonly names: string[]; second?: Path }>()
    for (const { name, path, mounts } of servicesWith(data, 'volumes')) {
      for (const { index, type, source, readOnly } of mounts) {
        if (type !== 'volume' || source === '' || readOnly) continue
        const known = writers.get(source)
        if (known === undefined) writers.set(source, { names: [name] })
        else if (!known.names.includes(name)) {
          known.names.push(name)
          known.second ??= [...path, 'volumes', index]
        }
      }
    }
    for (const [volume, { names, second }] of writers) {
      if (second === undefined) continue
      const all = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
      yield { path: second, message: `${all} write ${volume}` }
    }
  },
}
