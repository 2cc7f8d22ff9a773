import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type { Port } from '../document.ts'
import type { Authored } from './authored.ts'
import type { Interpolation } from './interpolation.ts'
import type { Count } from './literal.ts'

export type PublishOptions = Authored<Omit<Port, 'target' | 'published' | 'protocol' | 'mode'>> & {
  /** `tcp` (default) or `udp`. */
  readonly protocol?: 'tcp' | 'udp' | 'sctp' | Interpolation
  /** Swarm: `ingress` (default, every node) or `host` (the task's node). */
  readonly mode?: 'ingress' | 'host' | Interpolation
}

/** A published port as a value: the long form of Compose. */
export type PortSpec = PublishOptions & {
  readonly target: Count
  readonly published?: number | string | Interpolation
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * Publishes a port of the container on a port of the host.
 *
 * @param host port or range on the host
 * @param container port in the container
 * @param options `host_ip` defaults to `127.0.0.1`, which only the host itself reaches
 * @example
 * service('app', { image: 'app:1.0', ports: [publish(443, 8443, { host_ip: '0.0.0.0' })] })
 */
export function publish(
  host: Count | `${number}-${number}`,
  container: Count,
  options: PublishOptions = {},
): PortSpec {
  return Object.freeze({
    target: container,
    published: host,
    ...options,
    [ORIGIN]: originOf(publish),
  })
}
