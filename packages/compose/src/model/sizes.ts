import { parseBytes } from '@erlmcp/core'
import type { Service } from '../document.ts'
import { resolve } from './resolve.ts'

/** Bytes of `512M`; undefined for a variable or text that is not a size. */
export function bytes(value: string | number | undefined): number | undefined {
  return parseBytes(resolve(value))
}

/** The number of containers of a service. */
export function replicasOf({ scale, deploy }: Service): number {
  const count = Number(resolve(deploy?.replicas ?? scale) || 1)
  return Number.isNaN(count) ? 1 : count
}
