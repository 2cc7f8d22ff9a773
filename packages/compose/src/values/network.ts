import { ORIGIN, originOf } from '@erlmcp/core'
import type { NetworkSpec, NetworkValue } from '../schema/author.gen.ts'
import { network as networkSchema } from '../schema/author-schema.gen.ts'
import { validateName } from './name.ts'
import { validateSpec } from './validate-spec.ts'

/**
 * A network.
 *
 * @throws UserError for an invalid name or spec
 * @example
 * const backend = network('backend', { internal: true })
 */
export function network(name: string, spec: NetworkSpec = {}): NetworkValue {
  const origin = originOf(network)
  validateName('network', name, origin)
  validateSpec(`network ${name}`, spec, networkSchema, origin)
  return Object.freeze({
    kind: 'network',
    name,
    spec: Object.freeze({ ...spec }),
    [ORIGIN]: origin,
  })
}
