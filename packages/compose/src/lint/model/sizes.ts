import type { Service } from '../../document.ts'
import { resolve } from './resolve.ts'

const units: Record<string, number> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }

/** Bytes of `512M`; undefined when it is not known, or no size. */
export function bytes(value: string | number | undefined): number | undefined {
  const match = /^((?:\d+\.?\d*|\.\d+)(?:e\+?\d+)?)\s*(?:([bkmgt])?i?b?)$/i.exec(resolve(value))
  if (!match) return undefined
  return Number(match[1]) * (units[match[2]?.toLowerCase() ?? 'b'] ?? 1)
}

/** The number of containers of a service. */
export function replicasOf({ scale, deploy }: Service): number {
  const count = Number(resolve(deploy?.replicas ?? scale) || 1)
  return Number.isNaN(count) ? 1 : count
}
