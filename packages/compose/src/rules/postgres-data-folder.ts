import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'
import { knownImage } from './reading/image.ts'
import { isBelow } from './reading/mounts.ts'

const before18 = '/var/lib/postgresql/data'

export const postgresDataFolder: Rule<ComposeFile> = {
  id: 'compose/postgres-data-folder',
  kind: 'breaks',
  summary: 'A volume where PostgreSQL 18 does not keep its data',
  why: 'Since 18 the image keeps its data in a folder by version below /var/lib/postgresql, and refuses to start when something is mounted at /var/lib/postgresql/data.',
  help: 'Mount the volume at /var/lib/postgresql; move the data of an older version with pg_upgrade or a dump.',
  references: ['docker-library/postgres pull request 1259'],
  about: ['volumes'],
  bad: {
    services: { db: { image: 'postgres:18', volumes: ['db:/var/lib/postgresql/data'] } },
    volumes: { db: {} },
  },
  good: {
    services: { db: { image: 'postgres:18', volumes: ['db:/var/lib/postgresql'] } },
    volumes: { db: {} },
  },
  *check({ data }) {
    for (const { name, path, image, mounts, environment } of servicesWith(data, 'volumes')) {
      const known = knownImage(image)
      if (known?.title !== 'PostgreSQL' || known.data === before18) continue
      // A folder of the author's own is used as it is.
      if (environment.some((entry) => entry.name === 'PGDATA')) continue
      for (const { index, target } of mounts) {
        if (!isBelow(target, before18)) continue
        yield {
          path: [...path, 'volumes', index],
          message: `${name} mounts ${target}, and PostgreSQL ${image.tag} keeps its data in ${known.data}`,
        }
      }
    }
  },
}
