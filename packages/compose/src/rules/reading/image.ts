import type { Service } from '../../document.ts'
import { resolve } from './resolve.ts'

/** The parts of an image reference (distribution reference grammar). */
export interface ImageName {
  /** Host of the registry; empty for the default one. */
  readonly registry: string
  /** The last part of its path: `postgres` of `docker.io/library/postgres:17`. */
  readonly base: string
  readonly tag: string
  readonly digest: string
}

const noImage: ImageName = { registry: '', base: '', tag: '', digest: '' }

/** The image of a service; all parts are empty when it names none. */
export function readImage({ image }: Service): ImageName {
  if (!image) return noImage
  const [named = '', digest = ''] = resolve(image).split('@')
  const slash = named.lastIndexOf('/')
  const colon = named.indexOf(':', slash + 1)
  const first = named.slice(0, Math.max(0, named.indexOf('/')))
  return {
    registry: first === 'localhost' || first.includes('.') || first.includes(':') ? first : '',
    base: named.slice(slash + 1, colon < 0 ? undefined : colon),
    tag: colon < 0 ? '' : named.slice(colon + 1),
    digest,
  }
}

/** A program whose image is well known: its port, and where it keeps its data. */
export interface KnownImage {
  readonly what: string
  readonly port: number
  readonly data?: string
  /** Folders that it writes and that are no volume of its image. */
  readonly writes?: readonly string[]
}

const known = new Map<string, KnownImage>([
  [
    'postgres',
    {
      what: 'PostgreSQL',
      port: 5432,
      data: '/var/lib/postgresql',
      writes: ['/var/run/postgresql'],
    },
  ],
  ['redis', { what: 'Redis', port: 6379, data: '/data' }],
  ['valkey', { what: 'Valkey', port: 6379, data: '/data' }],
  ['mysql', { what: 'MySQL', port: 3306, data: '/var/lib/mysql', writes: ['/var/run/mysqld'] }],
  ['mariadb', { what: 'MariaDB', port: 3306, data: '/var/lib/mysql', writes: ['/run/mysqld'] }],
  ['mongo', { what: 'MongoDB', port: 27017, data: '/data/db' }],
  ['memcached', { what: 'memcached', port: 11211 }],
  ['prometheus', { what: 'Prometheus', port: 9090, data: '/prometheus' }],
  ['alertmanager', { what: 'Alertmanager', port: 9093, data: '/alertmanager' }],
  ['node-exporter', { what: 'node_exporter', port: 9100 }],
])

/** What is known of the program in a service's image. Such images have no HEALTHCHECK. */
export function knownImage({ base }: ImageName): KnownImage | undefined {
  return known.get(base)
}
