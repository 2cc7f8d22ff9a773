import {
  type Document,
  type Origin,
  originOf,
  schema,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import { userOfImage } from '../images/user-of-image.ts'
import type { ConfigGrant, SecretValue, ServiceValue, VolumeValue } from '../schema/author.gen.ts'
import { attach } from '../values/attach.ts'
import { config } from '../values/config.ts'
import type { Interpolation } from '../values/interpolation.ts'
import type { HostPath, ImageWithFixedTagOrDigest } from '../values/literal.ts'
import { mount } from '../values/mount.ts'
import { secret } from '../values/secret.ts'
import { service } from '../values/service.ts'
import { volume } from '../values/volume.ts'
import { type CommonOptions, commonKeys, withExtras } from './extras.ts'

/** A file of the first start: `textFile('docker/postgres/schema.sql', …)`. */
export type InitFile = Document

export interface PostgresOptions extends CommonOptions {
  /** The database that the first start makes. */
  readonly database: string | Interpolation
  /** Its owner, the superuser of the server. Default: the name of the database. */
  readonly user?: string | Interpolation
  /** An image with the contract of the official one. Default: `postgres:17-trixie`. */
  readonly image?: ImageWithFixedTagOrDigest
  /**
   * Major version of the server, which says where its data is. Default: read from the image's tag;
   * a reference that does not begin its tag with it needs it.
   */
  readonly major?: number
  /**
   * What the first start, on an empty volume, runs: files in this order, or a folder of the host in
   * the order of its names. `.sql`, `.sh`, and `.sql` packed as `.gz`, `.xz` or `.zst`.
   */
  readonly init?: readonly InitFile[] | HostPath
}

/** A PostgreSQL server. It is a service, and has what others need to use it. */
export interface PostgresService extends ServiceValue {
  /** Give it to the services that connect. */
  readonly password: SecretValue
  /** The volume with all databases. */
  readonly data: VolumeValue
  readonly database: string | Interpolation
  readonly user: string | Interpolation
}

const { anyList, kind, number, object, string, union } = schema

const optionsSchema = object<PostgresOptions>({
  ...commonKeys,
  database: union(string, kind('interpolation')),
  user: union(string, kind('interpolation')),
  image: union(string, kind('interpolation')),
  major: number,
  init: union(string, anyList),
})

/**
 * A PostgreSQL server for the containers of its networks, on port 5432.
 *
 * Every connection over TCP, the server's own loopback included, is asked for the password
 * (SCRAM-SHA-256). It is healthy when that password opens the database: not while the server
 * initializes, and not when the secret differs from the one that the data was created with. PostgreSQL keeps
 * the password in its data: to change it, `ALTER ROLE` and the secret's file belong together.
 *
 * The server runs as its own user on a read-only root. Its limits are those of every service:
 * a larger `shared_buffers` needs `extras: { mem_limit: '2G' }`.
 *
 * @param name of the service, and the host name that others connect to
 * @throws UserError without a database, when the major version cannot be seen, or when an init file
 *   would be ignored.
 * @see https://hub.docker.com/_/postgres
 * @see https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
 * @example
 * const db = postgres('postgres', { database: 'erlmcp', networks: [backend] })
 * const app = service('app', {
 *   image: 'app:1.0',
 *   user: '1000:1000',
 *   environment: { ERLMCP_POSTGRES_PASSWORD_FILE: '/run/secrets/postgres-password' },
 *   secrets: [db.password],
 *   networks: [backend],
 *   depends_on: [healthy(db)],
 * })
 */
export function postgres(name: string, options: PostgresOptions): PostgresService {
  const origin = originOf(postgres)
  validateOptions(`postgres ${name}`, options, optionsSchema, origin)
  const image = options.image ?? 'postgres:17-trixie'
  const { database, user = database } = options
  if (!database || !user) {
    throw new UserError({
      message: `postgres ${name} needs the name of its ${database ? 'user' : 'database'}`,
      hint: "Name it: postgres('postgres', { database: 'shop' }).",
      origin,
    })
  }
  const password = options.password ?? secret(`${name}-password`)
  const data = volume(`${name}-data`)
  const init = initFiles(name, options.init, origin)
  const own = {
    user: userOfImage(image, 'postgres'),
    environment: {
      POSTGRES_DB: database,
      POSTGRES_USER: user,
      POSTGRES_PASSWORD_FILE: `/run/secrets/${password.name}`,
      // Without both, the image trusts loopback, and an older server asks for MD5.
      POSTGRES_INITDB_ARGS: '--auth-host=scram-sha-256',
      POSTGRES_HOST_AUTH_METHOD: 'scram-sha-256',
    },
    secrets: [password],
    ...(init.configs.length > 0 && { configs: init.configs }),
    volumes: [
      mount(data, dataFolder(options.major ?? majorOf(image), image, origin)),
      ...init.volumes,
      { type: 'tmpfs', target: '/var/run/postgresql', tmpfs: { size: '1M', mode: 0o1777 } },
      // Parallel queries share memory there. A swarm ignores shm_size, but mounts this.
      { type: 'tmpfs', target: '/dev/shm', tmpfs: { size: '128M', mode: 0o1777 } },
    ],
    healthcheck: {
      test: ['CMD-SHELL', healthScript(password)],
      interval: '10s',
      timeout: '5s',
      retries: 3,
      // Failures of a first start that restores a dump do not count.
      start_period: '2m',
      start_interval: '1s',
    },
    // Fast shutdown: sessions end. SIGTERM would wait for clients to go (PostgreSQL manual, 18.5).
    stop_signal: 'SIGINT',
    stop_grace_period: '1m',
  } as const
  const value = service(name, { ...withExtras(own, options, 5432), image })
  return Object.freeze({ ...value, password, data, database, user })
}

/**
 * Over TCP, because the server that initializes listens on the socket alone, and sockets ask no
 * password. In libpq's variables, because arguments are seen by others, and `--dbname` is parsed.
 */
function healthScript({ name }: SecretValue): string {
  return `export PGPASSWORD="$(cat '/run/secrets/${name}')" PGHOST=127.0.0.1 PGCONNECT_TIMEOUT=4
export PGUSER="$POSTGRES_USER" PGDATABASE="$POSTGRES_DB"
psql --no-password --no-psqlrc --tuples-only --no-align --command='select 1'
`
}

function majorOf(image: string | Interpolation): number | undefined {
  if (typeof image !== 'string') return undefined
  const major = /:(\d+)[^/]*$/.exec(image.replace(/@.*/, ''))?.[1]
  return major === undefined ? undefined : Number(major)
}

/** Where the image declares its volume: mounted elsewhere, the data would be in an unnamed one. */
function dataFolder(
  major: number | undefined,
  image: string | Interpolation,
  origin: Origin,
): string {
  if (major === undefined) {
    const shown = typeof image === 'string' ? JSON.stringify(image) : 'an image with variables'
    throw new UserError({
      message: `${shown} does not name the major version of PostgreSQL, which determines its data directory`,
      hint: 'Set it beside the image: `major: 17`.',
      origin,
    })
  }
  return major >= 18 ? '/var/lib/postgresql' : '/var/lib/postgresql/data'
}

const initFolder = '/docker-entrypoint-initdb.d'

/** Single files are configs, which a swarm brings to the node; a folder of the host is mounted. */
function initFiles(name: string, init: PostgresOptions['init'], origin: Origin) {
  if (init === undefined) return { configs: [], volumes: [] }
  if (typeof init === 'string') {
    return { configs: [], volumes: [mount(init, initFolder, { read_only: true })] }
  }
  const digits = String(init.length).length
  const configs = init.map((document, index): ConfigGrant => {
    const number = String(index + 1).padStart(digits, '0')
    const target = `${initFolder}/${number}-${initName(document, origin)}`
    // Without its bit a script is not run, but read into the entrypoint's own shell.
    const executable = ((document.mode ?? 0) & 0o111) !== 0
    return attach(config(`${name}-init-${number}`, { document }), {
      target,
      ...(executable && { mode: 0o555 }),
    })
  })
  return { configs, volumes: [] }
}

function initName({ path }: Document, origin: Origin): string {
  const base = path.slice(path.lastIndexOf('/') + 1)
  if (!/\.(sh|sql(\.(gz|xz|zst))?)$/.test(base)) {
    throw new UserError({
      message: `the image ignores the init file ${path}`,
      hint: 'Name it .sql or .sh, or .sql.gz, .sql.xz, .sql.zst.',
      origin,
    })
  }
  return base
}
