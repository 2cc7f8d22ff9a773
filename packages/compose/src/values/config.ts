import { type Document, ORIGIN, type Origin, originOf, UserError } from '@erlmcp/core'
import type { Config } from '../document.ts'
import { config as configSchema } from '../schema/render-schema.gen.ts'
import { validateKeys } from '../schema/validate.ts'
import type { Authored } from './authored.ts'
import { validateName } from './name.ts'

export interface ConfigSpec extends Authored<Config> {
  /** A generated file, such as `textFile('config/redis.conf', …)`. Sets `file`. */
  readonly document?: Document
}

/** A config as a value. A compose file has the configs that its services use. */
export interface ConfigValue {
  readonly kind: 'config'
  readonly name: string
  readonly spec: ConfigSpec
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A config: a file without secrets. Services read it at `/<name>`, or at the `target` of `attach`.
 *
 * @throws UserError for an invalid name or spec, or without content
 * @example
 * const motd = config('motd', { content: 'Welcome\n' })
 * service('app', { image: 'app:1.0', configs: [attach(motd, { target: '/etc/motd' })] })
 */
export function config(name: string, spec: ConfigSpec): ConfigValue {
  const origin = originOf(config)
  validateName('config', name, origin)
  validateKeys(`config ${name}`, spec, configSchema, origin, ['document'])
  const { document, file, content, environment, external } = spec
  if ((document ?? file ?? content ?? environment ?? external) === undefined) {
    throw new UserError({
      message: `the config ${name} has no content`,
      hint: 'Write one of `document`, `file`, `content`, `environment`, `external`.',
      origin,
    })
  }
  return Object.freeze({ kind: 'config', name, spec: Object.freeze({ ...spec }), [ORIGIN]: origin })
}
