import { wordsOf } from './author.ts'
import { define, number, oneOf, since, string, withFacts } from './define.ts'
import * as engine from './engine-formats.ts'
import * as format from './formats.ts'
import { distinctPairs, flag, size } from './scalar.ts'

const subpath = withFacts(string, { format: engine.subpath })

/** A mount, long form (Compose spec, "volumes", long syntax). */
export const mount = define(
  'Mount',
  {
    /** The mount type: bind for mounting host directories, volume for named volumes, tmpfs for temporary filesystems, cluster for cluster volumes, npipe for named pipes, or image for mounting from an image. */
    type: oneOf('bind', 'volume', 'tmpfs', 'cluster', 'npipe', 'image'),
    /** Path on the host, key of a volume, or image. */
    source: string,
    /** Path in the container. */
    target: withFacts(string, { format: engine.target }),
    /** Default: `false`. */
    read_only: flag,
    /** Hint for Docker Desktop: `consistent`, `cached`, `delegated`. */
    consistency: string,
    /** Configuration specific to bind mounts. */
    bind: define('BindOptions', {
      /** `rprivate` (default), `private`, `rshared`, `shared`, `rslave`, `slave`. */
      propagation: withFacts(
        string,
        wordsOf(format.word, 'rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'),
      ),
      /** Whether a missing source becomes a folder. Default: `true` in the long form too. @here Default of `mount(…)`: `false`. */
      create_host_path: flag,
      /** What becomes of mounts below the source. */
      recursive: since('2.30.0', oneOf('enabled', 'disabled', 'writable', 'readonly')),
      /** SELinux relabelling: shared `z` or private `Z`. */
      selinux: oneOf('z', 'Z'),
    }),
    /** Configuration specific to volume mounts. */
    volume: define('VolumeOptions', {
      /** Labels of a volume that the mount creates. */
      labels: distinctPairs,
      /** Whether the image's files are kept out of a new volume. Default: `false`. */
      nocopy: flag,
      /** Folder within the volume. */
      subpath: since('2.25.0', subpath, '26.0'),
    }),
    /** Configuration specific to tmpfs mounts. */
    tmpfs: define('TmpfsOptions', {
      /** Bytes, or with a unit: `64M`. Default: no limit. */
      size: size,
      /** Permission bits, such as 0o1777. */
      mode: withFacts(number, { format: format.count }),
    }),
    /** Configuration specific to image mounts. */
    image: since(
      '2.35.0',
      define('ImageOptions', {
        /** Path within the image. */
        subpath: subpath,
      }),
      '28.0',
    ),
  },
  ['type', 'target'],
)
