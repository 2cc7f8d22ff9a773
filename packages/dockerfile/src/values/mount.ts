import type {
  BindMount,
  CacheMount,
  Mount,
  SecretMount,
  SshMount,
  Text,
  TmpfsMount,
} from '../schema/document.ts'
import type { Dynamic, FileMode, Size } from './literal-types.ts'
import {
  type BuildContext,
  type From,
  nameOf,
  type RefersToStages,
  STAGES,
  type Stage,
} from './stage.ts'

/** A mount as a person makes it: it may refer to a stage. */
export type MountValue = Mount & RefersToStages

interface Ownership {
  readonly mode?: FileMode | Dynamic
  readonly uid?: number | Dynamic
  readonly gid?: number | Dynamic
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
  /** Files of the build context, a stage or an image, read-only unless `rw`. */
  bind<const S extends string = string>(
    target: Text,
    options: { readonly from?: From<S>; readonly source?: Text; readonly rw?: boolean } = {},
  ): BindMount & RefersToStages {
    const { from, ...rest } = options
    return Object.freeze({ type: 'bind', target, ...rest, ...fromOf(from) })
  },

  /** A folder that outlives the build. `locked` makes builds at the same time wait. */
  cache<const S extends string = string>(
    target: Text,
    options: Ownership & {
      /** Default: the target. */
      readonly id?: Text
      readonly sharing?: 'shared' | 'private' | 'locked'
      readonly ro?: boolean
      /** What it is filled with at first. Default: nothing. */
      readonly from?: From<S>
      readonly source?: Text
    } = {},
  ): CacheMount & RefersToStages {
    const { from, mode, uid, gid, ...rest } = options
    return Object.freeze({
      type: 'cache',
      target,
      ...rest,
      ...ownership({ mode, uid, gid }),
      ...fromOf(from),
    })
  },

  /** Memory. `size` is in bytes or with a unit. */
  tmpfs(target: Text, options: { readonly size?: Size } = {}): TmpfsMount {
    const { size } = options
    return Object.freeze({ type: 'tmpfs', target, ...(size !== undefined && { size: `${size}` }) })
  },

  /** A secret of the build, as a file (default `/run/secrets/ID`) or a variable. */
  secret(
    id: Text,
    options: Ownership & {
      readonly target?: Text
      readonly env?: Text
      readonly required?: boolean
    } = {},
  ): SecretMount {
    const { mode, uid, gid, ...rest } = options
    return Object.freeze({ type: 'secret', id, ...rest, ...ownership({ mode, uid, gid }) })
  },

  /** The agent of whoever builds, for clones over SSH. */
  ssh(
    options: Ownership & {
      readonly id?: Text
      readonly target?: Text
      readonly required?: boolean
    } = {},
  ): SshMount {
    const { mode, uid, gid, ...rest } = options
    return Object.freeze({ type: 'ssh', ...rest, ...ownership({ mode, uid, gid }) })
  },
}

function ownership(owner: { [K in keyof Ownership]: Ownership[K] | undefined }): {
  mode?: Text
  uid?: Text
  gid?: Text
} {
  const { mode, uid, gid } = owner
  return {
    ...(mode !== undefined && { mode }),
    ...(uid !== undefined && { uid: typeof uid === 'number' ? String(uid) : uid }),
    ...(gid !== undefined && { gid: typeof gid === 'number' ? String(gid) : gid }),
  }
}

function fromOf(
  from: Stage | BuildContext | string | undefined,
): { readonly from?: string } & RefersToStages {
  if (from === undefined) return {}
  const { name, stages } = nameOf(from)
  return { from: name, [STAGES]: stages }
}
