import type { Manifest, Part } from '../set/manifest.ts'

const hash = (digits: number) => 'a'.repeat(digits)
const file = (name: string): Part => ({ file: name, bytes: 1, sha256: hash(64) })

/** One with everything that a manifest can have. */
export const sample: Manifest = {
  format: 'erlmcp-backup',
  version: 1,
  project: 'shop',
  taken: '2026-11-27T04:15:00.000Z',
  encrypted: false,
  images: { db: { image: 'postgres:17-trixie', id: 'sha256:0af3' } },
  tools: 'postgres:17-trixie',
  postgres: [
    {
      service: 'db',
      image: 'postgres:17-trixie',
      version: 170_012,
      user: 'shop',
      roles: file('1-db-roles.sql'),
      databases: [
        {
          name: 'shop',
          definition: file('2-db-shop.sql'),
          dump: file('3-db-shop.dump'),
          tables: [{ table: 'public.item', rows: 4000, digest: '-12' }],
          sequences: [{ sequence: 'public.item_id_seq', value: '4000 called' }],
          largeObjects: { count: 0, digest: '0' },
        },
      ],
    },
  ],
  redis: [
    {
      service: 'cache',
      image: 'redis:8-trixie',
      version: '8.2.1',
      dump: file('4-cache.rdb'),
      keys: { db0: 3 },
      digest: hash(40),
    },
  ],
  volumes: [
    {
      volume: 'files',
      archive: file('5-files.tar.gz'),
      entries: 2,
      bytes: 3,
      digest: hash(64),
    },
  ],
  omitted: [{ item: 'scratch', reason: 'it is made again' }],
}
