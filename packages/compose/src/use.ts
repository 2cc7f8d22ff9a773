import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type { Authored } from './authored.ts'
import type { ConfigValue } from './config.ts'
import type { Attachment, Grant, ModelUse } from './document.ts'
import type { ModelValue } from './model.ts'
import type { NetworkValue } from './network.ts'
import type { SecretValue } from './secret.ts'

/** A value and how a service uses it. */
export interface Use<Value, How> {
  readonly kind: 'use'
  readonly value: Value
  readonly how: How
  readonly [ORIGIN]?: Origin | undefined
}

export type NetworkUse = Use<NetworkValue, Authored<Attachment>>
export type SecretUse = Use<SecretValue, Authored<Omit<Grant, 'source'>>>
export type ConfigUse = Use<ConfigValue, Authored<Omit<Grant, 'source'>>>
export type ModelUsage = Use<ModelValue, Authored<ModelUse>>

/**
 * How a service uses a network, secret, config or model, where the value alone does not say all.
 *
 * @example
 * service('db', {
 *   image: 'postgres:17-trixie',
 *   networks: [use(backend, { aliases: ['postgres'] })],
 *   secrets: [use(password, { target: 'password', mode: 0o400 })],
 * })
 */
export function use(value: NetworkValue, how: NetworkUse['how']): NetworkUse
export function use(value: SecretValue, how: SecretUse['how']): SecretUse
export function use(value: ConfigValue, how: ConfigUse['how']): ConfigUse
export function use(value: ModelValue, how: ModelUsage['how']): ModelUsage
export function use<Value, How>(value: Value, how: How): Use<Value, How> {
  return Object.freeze({
    kind: 'use',
    value,
    how: Object.freeze({ ...how }),
    [ORIGIN]: originOf(use),
  })
}
