import { memoize, type PortRange } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { eachService, type Place } from './each-service.ts'
import { everywhere, type Publication } from './ports.ts'

/** A host port that a service publishes. */
export interface HostPort {
  readonly place: Place
  readonly port: Publication
  readonly published: PortRange
  /** Its position in the file: of two that collide the later one is reported. */
  readonly order: number
}

/** Every known host port that a file publishes, lowest first. */
export const hostPorts = memoize((file: ComposeFile): readonly HostPort[] => {
  const taken: HostPort[] = []
  for (const place of eachService(file)) {
    for (const port of place.ports) {
      if (port.published) {
        taken.push({ place, port, published: port.published, order: taken.length })
      }
    }
  }
  return taken.sort((a, b) => a.published[0] - b.published[0])
})

/** The pairs within a file that publish the same port of the same address. */
export const ownCollisions = memoize((file: ComposeFile) => [...collisions(hostPorts(file))])

/** Pairs that publish the same port of the same address; `ports` is sorted. */
export function* collisions(
  ports: readonly HostPort[],
): Iterable<readonly [first: HostPort, second: HostPort]> {
  let open: HostPort[] = []
  let last = 0
  for (const second of ports) {
    // Nearly every port is above all previous ones.
    const isFree = last < second.published[0]
    last = Math.max(last, second.published[1])
    if (isFree) {
      open = [second]
      continue
    }
    open = open.filter(({ published }) => published[1] >= second.published[0])
    for (const first of open) {
      if (first.port.protocol === second.port.protocol && meet(first.port, second.port)) {
        yield first.order < second.order ? [first, second] : [second, first]
      }
    }
    open.push(second)
  }
}

function meet(a: Publication, b: Publication): boolean {
  if (a.address === undefined || b.address === undefined) return false
  return a.address === b.address || a.address === everywhere || b.address === everywhere
}
