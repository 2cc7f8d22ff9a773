import { type Document, ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type { Mount } from '../document.ts'
import type { Authored } from './authored.ts'
import type { Interpolation } from './interpolation.ts'
import type { ByteSize } from './literal.ts'
import { validateMount } from './validate-mount.ts'
import type { VolumeValue } from './volume.ts'

/** A path that cannot be taken for the name of a volume. */
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

/** A mount as a value; what it mounts comes into the file by itself. */
export interface MountValue {
  readonly kind: 'mount'
  readonly source: VolumeValue | Document | HostPath | Interpolation
  readonly target: string
  readonly options: MountOptions
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A named volume, a path of the host, or a file that the stack makes, seen in a container.
 * A path must exist when the container starts: it is never made a folder by accident.
 *
 * @throws UserError for what cannot be mounted
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

/** A mount in the words of the file, such as an image's files: `{ type: 'image', source: 'a:1', target: '/a' }`. */
export type MountSpec = Authored<Kept> & {
  readonly type: Mount['type']
  readonly target: string | Interpolation
  /** A folder in memory: it has a size and survives no restart. */
  readonly tmpfs?: { readonly size?: ByteSize; readonly mode?: number }
}
