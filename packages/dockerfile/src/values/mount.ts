import type {
  BindMount,
  CacheMount,
  SecretMount,
  SshMount,
  TmpfsMount,
} from '../schema/document.gen.ts'
import { mounts } from '../schema/mounts.ts'
import type { Text } from '../schema/text.ts'
import type {
  BindMountOptions,
  CacheMountOptions,
  SecretMountOptions,
  SshMountOptions,
  TmpfsMountOptions,
} from './options.gen.ts'
import type { MountValue, RefersToStages } from './reference.ts'
import { resolveOptions } from './resolve-options.ts'

function createMount<M extends MountValue>(
  type: M['type'],
  options: object,
  caller: (...args: never[]) => unknown,
): M {
  const fields = mounts[type].options
  const node = resolveOptions<object>(`mount.${type}`, fields, options, caller)
  return Object.freeze({ type, ...node }) as M
}

/**
 * The mounts of RUN (Dockerfile reference, "RUN --mount").
 *
 * @example
 * run('rebar3 as prod compile', {
 *   mounts: [
 *     mount.cache('/root/.cache/rebar3', { sharing: 'locked' }),
 *     mount.bind('/src', { from: sources }),
 *     mount.secret('hex-key', { env: 'HEX_API_KEY', required: true }),
 *   ],
 * })
 */
export const mount = {
  /** Files of the build context, a stage or an image, read-only unless `rw` is set. */
  bind<const S extends string = string>(
    target: Text,
    options: BindMountOptions<S> = {},
  ): BindMount & RefersToStages {
    return createMount('bind', { target, ...options }, mount.bind)
  },

  /** A folder that outlives the build. `locked` makes builds at the same time wait. */
  cache<const S extends string = string>(
    target: Text,
    options: CacheMountOptions<S> = {},
  ): CacheMount & RefersToStages {
    return createMount('cache', { target, ...options }, mount.cache)
  },

  /** A folder in memory. */
  tmpfs(target: Text, options: TmpfsMountOptions = {}): TmpfsMount {
    return createMount('tmpfs', { target, ...options }, mount.tmpfs)
  },

  /** A secret of the build, as a file (default `/run/secrets/ID`), a variable, or both. */
  secret(id: Text, options: SecretMountOptions = {}): SecretMount {
    return createMount('secret', { id, ...options }, mount.secret)
  },

  /** The SSH agent of the machine that starts the build, for clones over SSH. */
  ssh(options: SshMountOptions = {}): SshMount {
    return createMount('ssh', options, mount.ssh)
  },
}
