import { ORIGIN, originOf, UserError } from '@erlmcp/core'
import type { ConfigSpec, ConfigValue } from '../schema/author.gen.ts'
import { config as configSchema } from '../schema/author-schema.gen.ts'
import { validateName } from './name.ts'
import { validateSpec } from './validate-spec.ts'

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
  validateSpec(`config ${name}`, spec, configSchema, origin)
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
