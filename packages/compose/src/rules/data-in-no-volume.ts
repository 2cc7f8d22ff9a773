import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { eachService } from './reading/each-service.ts'
import { knownImage } from './reading/image.ts'
import { isBelow, writablePaths } from './reading/mounts.ts'

export const dataInNoVolume: Rule<ComposeFile> = {
  id: 'compose/data-in-no-volume',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A database whose data is in no named volume',
  why: '`docker compose down` and a new container leave it behind: the next start is empty.',
  help: 'Mount a named volume there.',
  references: ['Docker "Volumes"'],
  bad: { services: { db: { image: 'postgres:17' } } },
  good: {
    services: { db: { image: 'postgres:17', volumes: ['db:/var/lib/postgresql/data'] } },
    volumes: { db: {} },
  },
  *check({ data }) {
    for (const { name, service, path, image, mounts } of eachService(data)) {
      const known = knownImage(image)
      if (!known?.data) continue
      const folder = known.data
      // A tmpfs says that the data is not to be kept.
      const kept = mounts.some(
        ({ source, target, type }) =>
          (source !== '' || type === 'tmpfs') && isBelow(target, folder),
      )
      if (kept || writablePaths(service.tmpfs, mounts).some((target) => isBelow(target, folder)))
        continue
      yield { path, message: `${name} keeps its data, ${folder}, in no named volume` }
    }
  },
}
