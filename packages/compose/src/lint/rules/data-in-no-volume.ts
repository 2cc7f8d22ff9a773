import type { Rule } from '@erlmcp/core'
import { imageFolder, ownerOf } from '../../defaults/read-only.ts'
import type { ComposeFile, Service } from '../../document.ts'
import type { ImageFacts } from '../../images/facts.ts'
import { eachService } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'
import { isBelow, type Mounted, writablePaths } from '../../model/mounts.ts'
import { resolve } from '../../model/resolve.ts'

export const dataInNoVolume: Rule<ComposeFile> = {
  id: 'compose/data-in-no-volume',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Data outside a named volume',
  why: '`docker compose down` and a new container discard it: the next start has no data.',
  hint: 'Mount a named volume there.',
  references: ['Docker "Volumes"'],
  bad: { services: { db: { image: 'postgres:17' } } },
  good: {
    services: { db: { image: 'postgres:17', volumes: ['db:/var/lib/postgresql/data'] } },
    volumes: { db: {} },
  },
  *check({ data }) {
    for (const { name, service, path, image, mounts, environment } of eachService(data)) {
      const known = knownImage(image)
      if (!known?.data) continue
      const moved = environment.find((entry) => entry.name === 'PGDATA')?.value
      const folder = resolve(moved ?? known.data)
      const isKept = ({ source, target, type }: Mounted) => {
        // A tmpfs means that the data need not persist.
        if (source === '' && type !== 'tmpfs') return false
        // The volume that the image declares there covers one that is mounted above.
        return isBelow(target, folder) || (isBelow(folder, target) && folder !== coversParent)
      }
      if (mounts.some(isKept) || isInMemory(service, folder, known)) continue
      yield { path, message: `${name} keeps its data in ${folder}, which is not in a named volume` }
    }
  },
}

const coversParent = '/var/lib/postgresql/data'

/** Whether the author wrote a tmpfs there: the default one does not tell whether the data persists. */
function isInMemory(service: Service, folder: string, facts: ImageFacts): boolean {
  const ours = imageFolder(folder, ownerOf(service, facts))
  const written = [service.tmpfs ?? []].flat().filter((text) => text !== ours)
  return writablePaths(written, []).some((target) => isBelow(target, folder))
}
