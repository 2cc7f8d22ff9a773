import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService } from '../model/each-service.ts'
import { type ImageName, knownImage } from '../model/image.ts'
import { isBelow, writablePaths } from '../model/mounts.ts'

const before18 = '/var/lib/postgresql/data'
const since18 = '/var/lib/postgresql'

export const postgresDataFolder: Rule<ComposeFile> = {
  id: 'compose/postgres-data-folder',
  kind: 'breaks',
  summary: 'A volume where PostgreSQL 18 does not keep its data',
  why: 'Since 18 the image keeps its data in a folder by version below /var/lib/postgresql, and refuses to start when something is mounted at /var/lib/postgresql/data.',
  hint: 'Mount the volume at /var/lib/postgresql; move the data of an older version with pg_upgrade or a dump.',
  references: ['docker-library/postgres pull request 1259'],
  appliesTo: ['volumes', 'tmpfs'],
  bad: {
    services: { db: { image: 'postgres:18', volumes: ['db:/var/lib/postgresql/data'] } },
    volumes: { db: {} },
  },
  good: {
    services: { db: { image: 'postgres:18', volumes: ['db:/var/lib/postgresql'] } },
    volumes: { db: {} },
  },
  *check({ data }) {
    for (const { name, service, path, image, mounts, environment } of eachService(data)) {
      const version = newVersion(image)
      if (!version) continue
      // A folder of the author's own is used as it is.
      if (environment.some((entry) => entry.name === 'PGDATA')) continue
      const tmpfs = writablePaths(service.tmpfs, []).map((target) => [['tmpfs'], target] as const)
      const places = mounts.map(({ index, target }) => [['volumes', index], target] as const)
      for (const [at, target] of [...places, ...tmpfs]) {
        if (!isBelow(target, before18)) continue
        yield {
          path: [...path, ...at],
          message: `${name} mounts ${target}, and ${version.said} keeps its data in ${since18}`,
          severity: version.isKnown ? 'error' : 'warning',
        }
      }
    }
  },
}

/** PostgreSQL 18 or a later one, or what may be. */
function newVersion(image: ImageName): { said: string; isKnown: boolean } | undefined {
  const known = knownImage(image)
  if (known?.data !== since18 || !titles.has(known.title)) return undefined
  const { tag, digest } = image
  const isPostgres = known.title === 'PostgreSQL'
  if (/pg\d/.test(tag) || (isPostgres && /^\d/.test(tag))) {
    return { said: `PostgreSQL ${tag}`, isKnown: true }
  }
  if (digest !== '' || !isPostgres) {
    return { said: 'PostgreSQL since 18, which it may be,', isKnown: false }
  }
  return { said: `PostgreSQL ${tag || 'latest'}, which is 18 or later,`, isKnown: true }
}

const titles: ReadonlySet<string> = new Set(['PostgreSQL', 'TimescaleDB'])
