import { type Document, ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type { Mount } from '../document.ts'
import type { Authored } from './authored.ts'
import type { Interpolation } from './interpolation.ts'
import type { ByteSize } from './literal.ts'
import { validateMount } from './validate-mount.ts'
import type { VolumeValue } from './volume.ts'

/** A path, which is never read as the name of a volume. */
export type HostPath =
  | `./${string}`
  | `../${string}`
  | `/${string}`
  | `~/${string}`
  | `${string}:\\${string}`
  | '.'
  | '..'

/** A mount, short form: `./config:/etc/app:ro`, `C:\data:C:\data`, or a path for a volume without a name. */
export type MountText =
  | `.${string}:/${string}`
  | `~/${string}:/${string}`
  | `/${string}`
  | `${string}:\\${string}`

export type MountOptions = Authored<Omit<Mount, 'type' | 'source' | 'target'>>

/** A mount as a value. A compose file has the volumes and files that its services mount. */
export interface MountValue {
  readonly kind: 'mount'
  readonly source: VolumeValue | Document | HostPath | Interpolation
  readonly target: string
  readonly options: MountOptions
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * Mounts a named volume, a path of the host, or a generated file in a container. A path must exist when
 * the container starts: Docker does not create a folder in its place.
 *
 * @throws UserError for an invalid source or target
 * @example
 * mount(volume('data'), '/var/lib/erlmcp')
 * mount('./config', '/etc/erlmcp', { read_only: true })
 * mount(textFile('config/redis.conf', 'appendonly yes\n'), '/etc/redis.conf', { read_only: true })
 */
export function mount(
  source: MountValue['source'],
  target: string,
  options: MountOptions = {},
): MountValue {
  const origin = originOf(mount)
  validateMount(source, target, origin)
  return Object.freeze({
    kind: 'mount',
    source,
    target,
    options: Object.freeze({ ...options }),
    [ORIGIN]: origin,
  })
}

type Kept = Omit<Mount, 'type' | 'target' | 'tmpfs'>

/** A mount in the long form, such as the files of an image: `{ type: 'image', source: 'a:1', target: '/a' }`. */
export type MountSpec = Authored<Kept> & {
  readonly type: Mount['type']
  readonly target: string | Interpolation
  /** A folder in memory, which is empty after a restart. */
  readonly tmpfs?: { readonly size?: ByteSize; readonly mode?: number }
}
