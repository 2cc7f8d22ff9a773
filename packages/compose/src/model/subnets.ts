import type { Path } from '@erlmcp/core'
import { memoize } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { resolve } from './resolve.ts'

/** A fixed IPv4 subnet of a network. */
export interface Subnet {
  readonly network: string
  readonly text: string
  readonly first: number
  readonly last: number
  readonly path: Path
}

/** The fixed IPv4 subnets of a file, lowest first. */
export const subnets = memoize((file: ComposeFile): readonly Subnet[] => {
  const found: Subnet[] = []
  for (const [network, definition] of Object.entries(file.networks ?? {})) {
    for (const [index, pool] of (definition?.ipam?.config ?? []).entries()) {
      const range = parse(resolve(pool.subnet))
      if (!range) continue
      const path = ['networks', network, 'ipam', 'config', index, 'subnet']
      found.push({ network, path, ...range })
    }
  }
  return found.sort((a, b) => a.first - b.first)
})

export function overlap(a: Subnet, b: Subnet): boolean {
  return a.first <= b.last && b.first <= a.last
}

const pattern = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/

function parse(text: string): { text: string; first: number; last: number } | undefined {
  const match = pattern.exec(text)
  if (!match) return undefined
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = match.slice(1).map(Number)
  const size = 2 ** (32 - bits)
  const address = ((a * 256 + b) * 256 + c) * 256 + d
  const first = address - (address % size)
  return { text, first, last: first + size - 1 }
}
