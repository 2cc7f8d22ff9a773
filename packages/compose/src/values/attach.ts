import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type { Attachment, Grant, ModelUse } from '../document.ts'
import type { Authored } from './authored.ts'
import type { ConfigValue } from './config.ts'
import type { ModelValue } from './model.ts'
import type { NetworkValue } from './network.ts'
import type { SecretValue } from './secret.ts'

/** A value with options for the service that it is attached to. */
export interface Attached<Value, Options> {
  readonly kind: 'attachment'
  readonly value: Value
  readonly options: Options
  readonly [ORIGIN]?: Origin | undefined
}

export type NetworkAttachment = Attached<NetworkValue, Authored<Attachment>>
export type SecretGrant = Attached<SecretValue, Authored<Omit<Grant, 'source'>>>
export type ConfigGrant = Attached<ConfigValue, Authored<Omit<Grant, 'source'>>>
export type ModelAttachment = Attached<ModelValue, Authored<ModelUse>>

/**
 * Attaches a network, secret, config or model to a service with options.
 *
 * @example
 * service('db', {
 *   image: 'postgres:17-trixie',
 *   networks: [attach(backend, { aliases: ['postgres'] })],
 *   secrets: [attach(password, { target: 'password', mode: 0o400 })],
 * })
 */
export function attach(
  value: NetworkValue,
  options: NetworkAttachment['options'],
): NetworkAttachment
export function attach(value: SecretValue, options: SecretGrant['options']): SecretGrant
export function attach(value: ConfigValue, options: ConfigGrant['options']): ConfigGrant
export function attach(value: ModelValue, options: ModelAttachment['options']): ModelAttachment
export function attach<Value, Options>(value: Value, options: Options): Attached<Value, Options> {
  return Object.freeze({
    kind: 'attachment',
    value,
    options: Object.freeze({ ...options }),
    [ORIGIN]: originOf(attach),
  })
}
