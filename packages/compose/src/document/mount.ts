import type { BooleanLike, Extensible, ListOrDict, NumberLike } from './scalar.ts'

/** A mount, long form (Compose spec, "volumes", long syntax). */
export interface Mount extends Extensible {
  readonly type: 'bind' | 'volume' | 'tmpfs' | 'cluster' | 'npipe' | 'image'
  /** Path on the host, key of a volume, or image. */
  readonly source?: string
  /** Path in the container. */
  readonly target: string
  /** Default: `false`. */
  readonly read_only?: BooleanLike
  /** Hint for Docker Desktop: `consistent`, `cached`, `delegated`. */
  readonly consistency?: string
  readonly bind?: BindOptions
  readonly volume?: VolumeOptions
  readonly tmpfs?: TmpfsOptions
  readonly image?: ImageOptions
}

export interface BindOptions extends Extensible {
  /** `rprivate` (default), `private`, `rshared`, `shared`, `rslave`, `slave`. */
  readonly propagation?: string
  /** Whether a missing source becomes a folder. Default: `true` in the long form too. */
  readonly create_host_path?: BooleanLike
  /** What becomes of mounts below the source. */
  readonly recursive?: 'enabled' | 'disabled' | 'writable' | 'readonly'
  /** SELinux relabelling: shared `z` or private `Z`. */
  readonly selinux?: 'z' | 'Z'
}

export interface VolumeOptions extends Extensible {
  readonly labels?: ListOrDict
  /** Whether the image's files are kept out of a new volume. Default: `false`. */
  readonly nocopy?: BooleanLike
  /** Folder within the volume. */
  readonly subpath?: string
}

export interface TmpfsOptions extends Extensible {
  /** Bytes, or with a unit: `64M`. Default: no limit. */
  readonly size?: NumberLike
  /** Permission bits, such as 0o1777. */
  readonly mode?: NumberLike
}

export interface ImageOptions extends Extensible {
  /** Path within the image. */
  readonly subpath?: string
}
