import { ORIGIN, originOf } from '@erlmcp/core'
import type { MountOptions, MountValue } from '../schema/author.gen.ts'
import { mount as mountSchema } from '../schema/author-schema.gen.ts'
import { validateMount } from './validate-mount.ts'
import { validateSpec } from './validate-spec.ts'

const { type: _type, source: _source, target: _target, ...optionKeys } = mountSchema.keys
const optionsSchema = { ...mountSchema, keys: optionKeys, required: [] }

/**
 * Mounts a named volume, a path of the host, or a generated file in a container. A path must exist when
 * the container starts: Docker does not create a folder in its place.
 *
 * @throws UserError for an invalid source or target
 * @example
 * mount(volume('data'), '/var/lib/erlmcp')
 * mount('./config', '/etc/erlmcp', { read_only: true })
 * mount(textFile('config/redis.conf', 'appendonly yes\n'), '/etc/redis.conf', { read_only: true })
 */
export function mount(
  source: MountValue['source'],
  target: MountValue['target'],
  options: MountOptions = {},
): MountValue {
  const origin = originOf(mount)
  validateMount(source, target, origin)
  validateSpec('mount', options, optionsSchema, origin)
  return Object.freeze({
    kind: 'mount',
    source,
    target,
    options: Object.freeze({ ...options }),
    [ORIGIN]: origin,
  })
}
