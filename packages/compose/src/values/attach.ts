import { formatValue, isBranded, ORIGIN, originOf, type Schema, UserError } from '@erlmcp/core'
import type {
  ConfigGrant,
  ConfigValue,
  ModelAttachment,
  ModelValue,
  NetworkAttachment,
  NetworkValue,
  SecretGrant,
  SecretValue,
} from '../schema/author.gen.ts'
import { attachment, grant, modelUse } from '../schema/author-schema.gen.ts'
import { validateSpec } from './validate-spec.ts'

type Attachable = NetworkValue | SecretValue | ConfigValue | ModelValue

/** What each is as an attachment, and the schema of its options. */
const attachments = {
  network: ['network attachment', attachment],
  secret: ['secret grant', grant],
  config: ['config grant', grant],
  model: ['model attachment', modelUse],
} as const satisfies Record<Attachable['kind'], readonly [string, Schema]>

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
export function attach(value: Attachable, options: object): object {
  const origin = originOf(attach)
  if (!isBranded(value, ...Object.keys(attachments))) {
    throw new UserError({
      message: `attach: expected a network, secret, config or model, got ${formatValue(value)}`,
      hint: "Write attach(network('backend'), { aliases: ['db'] }).",
      origin,
    })
  }
  const [kind, schema] = attachments[value.kind]
  validateSpec(`attach(${value.name})`, options, schema, origin)
  return Object.freeze({
    kind,
    value,
    options: Object.freeze({ ...options }),
    [ORIGIN]: origin,
  })
}
