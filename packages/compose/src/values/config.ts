import { type Document, ORIGIN, type Origin, originOf, UserError } from '@erlmcp/core'
import type { Config } from '../document.ts'
import { config as configSchema } from '../schema/resource.ts'
import { validateKeys } from '../schema/validate.ts'
import type { Authored } from './authored.ts'
import { validateName } from './name.ts'

export interface ConfigSpec extends Authored<Config> {
  /** A file that the stack makes, such as `textFile('config/redis.conf', …)`. Gives `file`. */
  readonly document?: Document
}

/** A config as a value; it is in a file when a service of that file may read it. */
export interface ConfigValue {
  readonly kind: 'config'
  readonly name: string
  readonly spec: ConfigSpec
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A config: a file without secrets. Services read it at `/<name>` or where `use` says.
 *
 * @throws UserError when the name cannot be one, or there is no content.
 * @example
 * const motd = config('motd', { content: 'Welcome\n' })
 * service('app', { image: 'app:1.0', configs: [use(motd, { target: '/etc/motd' })] })
 */
export function config(name: string, spec: ConfigSpec): ConfigValue {
  const origin = originOf(config)
  validateName('config', name, origin)
  validateKeys(`config ${name}`, spec, configSchema, origin, ['document'])
  const { document, file, content, environment, external } = spec
  if ((document ?? file ?? content ?? environment ?? external) === undefined) {
    throw new UserError({
      message: `the config ${name} has no content`,
      hint: 'Say one of `document`, `file`, `content`, `environment`, `external`.',
      origin,
    })
  }
  return Object.freeze({ kind: 'config', name, spec: Object.freeze({ ...spec }), [ORIGIN]: origin })
}
