import { type Origin, originOf, schema, UserError, validateOptions } from '@erlmcp/core'
import { userOfImage } from '../images/user-of-image.ts'
import type { SecretValue, ServiceValue, VolumeValue } from '../schema/author.gen.ts'
import type { Interpolation } from '../values/interpolation.ts'
import type { ByteSize, ImageWithFixedTagOrDigest } from '../values/literal.ts'
import { mount } from '../values/mount.ts'
import { secret } from '../values/secret.ts'
import { service } from '../values/service.ts'
import { volume } from '../values/volume.ts'
import { type CommonOptions, commonKeys, withExtras } from './extras.ts'

/** Which keys go when the memory is full (redis.conf, `maxmemory-policy`). */
export type EvictionPolicy =
  | 'noeviction'
  | `${'allkeys' | 'volatile'}-${'lru' | 'lfu' | 'random'}`
  | 'volatile-ttl'

export interface RedisOptions extends CommonOptions {
  /** An image with the contract of the official one. Default: `redis:8-trixie`. */
  readonly image?: ImageWithFixedTagOrDigest
  /**
   * Bytes of data, units of 1024. Default: `'256M'`, half of the container's own limit: while it
   * rewrites its file Redis may need its memory twice. Raise both together.
   */
  readonly maxMemory?: Exclude<ByteSize, Interpolation>
  /**
   * Default: `noeviction`: a full server refuses writes and loses nothing. A cache wants
   * `allkeys-lru` or `allkeys-lfu`.
   */
  readonly policy?: EvictionPolicy
  /**
   * Whether every write is logged, synced once a second. Default: true. Without it a crash loses
   * what was written since the last snapshot, up to an hour.
   */
  readonly appendonly?: boolean
  /** Other settings of redis.conf by their names, such as `{ save: '900 1' }`. */
  readonly settings?: Readonly<Record<string, string | number>>
}

/** A Redis server. It is a service, and has what others need to use it. */
export interface RedisService extends ServiceValue {
  /** Give it to the services that connect. */
  readonly password: SecretValue
  /** The volume with its append-only file and snapshots. */
  readonly data: VolumeValue
}

const { anyObject, boolean, kind, number, object, string, union } = schema

const optionsSchema = object<RedisOptions>({
  ...commonKeys,
  image: union(string, kind('interpolation')),
  maxMemory: union(string, number),
  policy: string,
  appendonly: boolean,
  settings: anyObject,
})

/**
 * A Redis server for the containers of its networks, on port 6379.
 *
 * The password is read from the secret at each start and is never in the environment or in an
 * argument; the server receives only its SHA-256. It is healthy when that password is accepted and
 * the data is loaded. After a change of the secret, restart it.
 *
 * @param name of the service, and the host name that others connect to
 * @throws UserError for an invalid `maxMemory`, or settings that bypass the password
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
 * @example
 * const cache = redis('redis', { networks: [backend], maxMemory: '128M', policy: 'allkeys-lru' })
 * const app = service('app', {
 *   image: 'app:1.0',
 *   user: '1000:1000',
 *   environment: { ERLMCP_REDIS_PASSWORD_FILE: '/run/secrets/redis-password' },
 *   secrets: [cache.password],
 *   networks: [backend],
 *   depends_on: [healthy(cache)],
 * })
 */
export function redis(name: string, options: RedisOptions = {}): RedisService {
  const origin = originOf(redis)
  validateOptions(`redis ${name}`, options, optionsSchema, origin)
  const image = options.image ?? 'redis:8-trixie'
  const { maxMemory = '256M', policy = 'noeviction', appendonly = true } = options
  const password = options.password ?? secret(`${name}-password`)
  const data = volume(`${name}-data`)
  const settings = {
    maxmemory: String(bytesOf(maxMemory, origin)),
    'maxmemory-policy': policy,
    appendonly: appendonly ? 'yes' : 'no',
    // The image is built without it.
    'protected-mode': 'yes',
    ...validateSettings(options, origin),
  }
  const own = {
    user: userOfImage(image, 'redis'),
    command: [
      'sh',
      '-c',
      startScript(password),
      'redis',
      ...Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]),
    ],
    secrets: [password],
    volumes: [mount(data, '/data')],
    healthcheck: {
      test: ['CMD-SHELL', healthScript(password)],
      interval: '10s',
      timeout: '5s',
      retries: 3,
      // Failures while it loads its data do not count.
      start_period: '1m',
      start_interval: '1s',
    },
  } as const
  const value = service(name, { ...withExtras(own, options, 6379), image })
  return Object.freeze({ ...value, password, data })
}

/**
 * Gives the server the hash of the password in a file in memory, in /tmp because a tmpfs on a
 * folder that the image lacks is root's alone after a restart: an argument would be seen by
 * others, and a hash needs no quoting. The rest of the settings follows as arguments.
 */
function startScript({ name }: SecretValue): string {
  return `set -eu
umask 077
password=$(cat '/run/secrets/${name}')
[ -n "$password" ] || { echo 'the secret ${name} is empty' >&2; exit 1; }
hash=$(printf %s "$password" | sha256sum)
printf 'user default on #%s ~* &* +@all\\n' "\${hash%% *}" >/tmp/access.conf
exec docker-entrypoint.sh redis-server /tmp/access.conf "$@"
`
}

/** Looks at the reply, because redis-cli ends with 0 after an error of the server. */
function healthScript({ name }: SecretValue): string {
  return `reply=$(REDISCLI_AUTH="$(cat '/run/secrets/${name}')" redis-cli -h 127.0.0.1 ping 2>&1)
[ "$reply" = PONG ] || { echo "$reply"; exit 1; }
`
}

// These say who may come in, or where else settings are: the password would not be in force.
const access = /^(?:requirepass|masterauth|masteruser|user|aclfile|include|protected-mode)$/i

/** The settings of the author, none of which may bypass the password. */
function validateSettings(
  { settings = {}, extras = {} }: RedisOptions,
  origin: Origin,
): Readonly<Record<string, string | number>> {
  const replaced = (['command', 'entrypoint'] as const).find((key) => extras[key] !== undefined)
  if (replaced !== undefined) {
    throw new UserError({
      message: `extras.${replaced} would start Redis without its password`,
      hint: "Set options of redis.conf in `settings`, such as settings: { save: '900 1' }.",
      origin,
    })
  }
  for (const name of Object.keys(settings)) {
    if (/^[a-z][a-z0-9-]*$/i.test(name) && !access.test(name)) continue
    throw new UserError({
      message: `unsupported setting ${JSON.stringify(name)} of redis`,
      hint: 'Use a name of redis.conf that does not control access, which the secret does.',
      origin,
    })
  }
  return settings
}

const powers: Readonly<Record<string, number>> = { b: 0, k: 1, kb: 1, m: 2, mb: 2, g: 3, gb: 3 }

/** Bytes, because `256m` is 256,000,000 to Redis and 268,435,456 to Compose. */
function bytesOf(size: number | string, origin: Origin): number {
  const [, number, unit = 'b'] = /^(\d+(?:\.\d+)?)([kmg]?b?)$/i.exec(String(size)) ?? []
  const power = powers[(unit || 'b').toLowerCase()]
  const bytes = Math.floor(Number(number) * 1024 ** (power ?? Number.NaN))
  if (!Number.isSafeInteger(bytes) || bytes <= 0) {
    throw new UserError({
      message: `maxMemory: expected a size, got ${JSON.stringify(size)}`,
      hint: "Write a number of bytes above 0, or one with a unit: '256M'.",
      origin,
    })
  }
  return bytes
}
