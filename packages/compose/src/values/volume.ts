import { ORIGIN, originOf } from '@erlmcp/core'
import type { VolumeSpec, VolumeValue } from '../schema/author.gen.ts'
import { volume as volumeSchema } from '../schema/author-schema.gen.ts'
import { validateName } from './name.ts'
import { validateSpec } from './validate-spec.ts'

/**
 * A named volume. To exclude it from `erlmcp backup`, write the reason under `x-no-backup`:
 * `volume('cache', { 'x-no-backup': 'it is fetched again' })`. Compose and swarm ignore that key.
 *
 * @throws UserError for an invalid name or spec
 * @example
 * const data = volume('postgres-data')
 * service('db', { image: 'postgres:17-trixie', volumes: [mount(data, '/var/lib/postgresql/data')] })
 */
export function volume(name: string, spec: VolumeSpec = {}): VolumeValue {
  const origin = originOf(volume)
  validateName('volume', name, origin)
  validateSpec(`volume ${name}`, spec, volumeSchema, origin)
  return Object.freeze({ kind: 'volume', name, spec: Object.freeze({ ...spec }), [ORIGIN]: origin })
}
