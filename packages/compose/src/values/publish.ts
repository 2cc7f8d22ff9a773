import { ORIGIN, originOf } from '@erlmcp/core'
import type { PortSpec } from '../schema/author.gen.ts'
import { port } from '../schema/author-schema.gen.ts'
import type { Count } from './literal.ts'
import { validateSpec } from './validate-spec.ts'

/** Options of a published port. */
export type PublishOptions = Omit<PortSpec, 'target' | 'published'>

const published = { ...port, required: ['published', 'target'] }

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
  const origin = originOf(publish)
  const spec = { target: container, published: host, ...options }
  validateSpec('publish(…)', spec, published, origin)
  return Object.freeze({ ...spec, [ORIGIN]: origin })
}
