import { ORIGIN, type Originated, parseBytes, UserError } from '@erlmcp/core'
import type { Mount, Service } from '../document.ts'
import type { Changes } from './changes.ts'
import { defined } from './deploy-key.ts'

/** Mounts as a stack file has them: `tmpfs` is a mount, and sizes are bytes. */
export function toMounts(service: Service, changes: Changes): (string | Mount)[] {
  const short = typeof service.tmpfs === 'string' ? [service.tmpfs] : (service.tmpfs ?? [])
  if (short.length > 0) {
    changes.add(['tmpfs'], 'rewritten', 'tmpfs is a mount of type tmpfs in a stack file')
  }
  const mounts = (service.volumes ?? []).map((mount, index) =>
    typeof mount === 'string' ? mount : toMount(mount, service, changes, index),
  )
  return [...mounts, ...short.map((text) => parseTmpfs(text, service, changes))]
}

function toMount(mount: Mount, service: Service, changes: Changes, index: number): Mount {
  const { bind, volume, tmpfs, image: _, ...rest } = mount
  const drop = (option: string) =>
    changes.add(['volumes', index], 'ignored', `a swarm ignores ${option} of a mount`)
  if (bind?.selinux) drop('bind.selinux')
  if (bind?.recursive) drop('bind.recursive')
  if (volume?.subpath) drop('volume.subpath')
  if (volume?.labels) drop('volume.labels')
  if (tmpfs?.mode !== undefined && tmpfs.mode !== 0o1777) drop('tmpfs.mode')
  return {
    ...rest,
    ...(bind?.propagation && { bind: { propagation: bind.propagation } }),
    ...(volume?.nocopy !== undefined && { volume: { nocopy: volume.nocopy } }),
    ...(tmpfs?.size !== undefined && {
      tmpfs: { size: bytes(tmpfs.size, mount.target ?? '', service) },
    }),
  }
}

// A colon or comma within `${…}` is not a separator.
const target = /^(?:\$\{[^}]*\}|[^:$]|\$)*/
const option = /(?:\$\{[^}]*\}|[^,])+/g

/** `/tmp:size=64m,mode=1777` as a mount. Its mode in a swarm is always 1777. */
function parseTmpfs(text: string, service: Service, changes: Changes): Mount {
  const [place = ''] = target.exec(text) ?? []
  const options = text.slice(place.length + 1).match(option) ?? []
  const size = options.find((one) => one.startsWith('size='))?.slice('size='.length)
  const lost = options.filter((one) => !/^(?:size=|mode=0?1777$|rw$)/.test(one))
  if (lost.length > 0) {
    const message = `a swarm ignores ${lost.join(', ')} of the tmpfs ${place}`
    changes.add(['tmpfs'], 'rewritten', message)
  }
  return defined({
    type: 'tmpfs' as const,
    target: place,
    tmpfs: size === undefined ? undefined : { size: bytes(size, place, service) },
  }) as Mount
}

/**
 * Bytes of a size such as `64m`.
 *
 * @throws UserError for an invalid size
 */
function bytes(size: string | number, place: string, service: Service): number {
  const parsed = parseBytes(String(size))
  if (parsed !== undefined) return Math.round(parsed)
  throw new UserError({
    message: `tmpfs ${place}: expected a size, got ${size}`,
    hint: "Write a number of bytes, or one with a unit: '64m'.",
    origin: (service as Originated)[ORIGIN],
  })
}
