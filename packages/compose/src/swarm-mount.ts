import type { Mount, Service } from './document.ts'
import type { Changes } from './swarm.ts'
import { defined } from './swarm-deploy.ts'

const units: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }

/** Mounts as a stack file has them: `tmpfs` is a mount, and sizes are bytes. */
export function toMounts(service: Service, changes: Changes): (string | Mount)[] {
  const short = typeof service.tmpfs === 'string' ? [service.tmpfs] : (service.tmpfs ?? [])
  if (short.length > 0) {
    changes.add(['tmpfs'], 'rewritten', 'tmpfs is a mount of type tmpfs in a stack file')
  }
  const mounts = (service.volumes ?? []).map((mount, index) =>
    typeof mount === 'string' ? mount : toMount(mount, changes, index),
  )
  return [...mounts, ...short.map(parseTmpfs)]
}

function toMount(mount: Mount, changes: Changes, index: number): Mount {
  const { bind, volume, tmpfs, image: _, ...rest } = mount
  const drop = (option: string) =>
    changes.add(['volumes', index], 'dropped', `a swarm ignores ${option} of a mount`)
  if (bind?.selinux) drop('bind.selinux')
  if (bind?.recursive) drop('bind.recursive')
  if (volume?.subpath) drop('volume.subpath')
  if (volume?.labels) drop('volume.labels')
  if (tmpfs?.mode !== undefined && tmpfs.mode !== 0o1777) drop('tmpfs.mode')
  return {
    ...rest,
    ...(bind?.propagation && { bind: { propagation: bind.propagation } }),
    ...(volume?.nocopy !== undefined && { volume: { nocopy: volume.nocopy } }),
    ...(tmpfs?.size !== undefined && { tmpfs: { size: bytes(tmpfs.size) } }),
  }
}

/** `/tmp:size=64m,mode=1777` as a mount. Its mode is always 1777 in a swarm. */
function parseTmpfs(text: string): Mount {
  const [target, options = ''] = text.split(':')
  const size = /(?:^|,)size=([^,]+)/.exec(options)?.[1]
  return defined({
    type: 'tmpfs' as const,
    target: target!,
    tmpfs: size === undefined ? undefined : { size: bytes(size) },
  }) as Mount
}

/** Bytes of a size such as `64m`; text with a variable stays. */
function bytes(size: string | number): string | number {
  const match = /^(\d+(?:\.\d+)?)([bkmg])?i?b?$/i.exec(String(size))
  return match ? Math.round(Number(match[1]) * units[(match[2] ?? 'b').toLowerCase()]!) : size
}
