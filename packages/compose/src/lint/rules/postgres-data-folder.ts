import type { ImageReference, Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'
import { isBelow, writablePaths } from '../../model/mounts.ts'

const before18 = '/var/lib/postgresql/data'
const since18 = '/var/lib/postgresql'

export const postgresDataFolder: Rule<ComposeFile> = {
  id: 'compose/postgres-data-folder',
  kind: 'breaks',
  summary: 'Volume outside the data directory of PostgreSQL 18',
  why: 'Since version 18 the image keeps its data in a versioned directory below /var/lib/postgresql, and refuses to start with a mount at /var/lib/postgresql/data.',
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
      // PGDATA overrides the directory of the image.
      if (environment.some((entry) => entry.name === 'PGDATA')) continue
      const tmpfs = writablePaths(service.tmpfs, []).map((target) => [['tmpfs'], target] as const)
      const places = mounts.map(({ index, target }) => [['volumes', index], target] as const)
      for (const [at, target] of [...places, ...tmpfs]) {
        if (!isBelow(target, before18)) continue
        yield {
          path: [...path, ...at],
          message: `${name} mounts ${target}, but ${version.text} keeps its data in ${since18}`,
          severity: version.isKnown ? 'error' : 'warning',
        }
      }
    }
  },
}

/** PostgreSQL 18 or a later one, or what may be. */
function newVersion(image: ImageReference): { text: string; isKnown: boolean } | undefined {
  const known = knownImage(image)
  if (known?.data !== since18 || !titles.has(known.title)) return undefined
  const { tag, digest } = image
  const isPostgres = known.title === 'PostgreSQL'
  if (/pg\d/.test(tag) || (isPostgres && /^\d/.test(tag))) {
    return { text: `PostgreSQL ${tag}`, isKnown: true }
  }
  if (digest !== '' || !isPostgres) {
    return { text: 'PostgreSQL 18 or later, which this image may be,', isKnown: false }
  }
  return { text: `PostgreSQL ${tag || 'latest'}, which is 18 or later,`, isKnown: true }
}

const titles: ReadonlySet<string> = new Set(['PostgreSQL', 'TimescaleDB'])
