import { type PortRange, parsePortMapping } from '@erlmcp/core'
import type { Port } from '../document.ts'

/** A short port in the long form: a range of the container is a port each; `undefined` for an invalid text. */
export function longPorts(text: string | number): Port[] | undefined {
  const mapping = parsePortMapping(String(text))
  if (!mapping) return undefined
  const { host, published, target, protocol } = mapping
  const count = target[1] - target[0] + 1
  return Array.from({ length: count }, (_, index) => ({
    target: target[0] + index,
    ...(published && { published: count > 1 ? published[0] + index : portOrRange(published) }),
    ...(host && { host_ip: host }),
    ...(protocol && { protocol: protocol.toLowerCase() }),
  }))
}

const portOrRange = ([from, to]: PortRange) => (from === to ? from : `${from}-${to}`)
