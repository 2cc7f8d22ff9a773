import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type { Network } from '../document.ts'
import { network as networkSchema } from '../schema/render-schema.gen.ts'
import { validateKeys } from '../schema/validate.ts'
import type { Authored } from './authored.ts'
import { validateName } from './name.ts'

export type NetworkSpec = Authored<Network>

/** A network as a value. A compose file has the networks that its services use. */
export interface NetworkValue {
  readonly kind: 'network'
  readonly name: string
  readonly spec: NetworkSpec
  readonly [ORIGIN]?: Origin | undefined
}

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
  validateKeys(`network ${name}`, spec, networkSchema, origin)
  return Object.freeze({
    kind: 'network',
    name,
    spec: Object.freeze({ ...spec }),
    [ORIGIN]: origin,
  })
}
