import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type { Volume } from '../document.ts'
import { volume as volumeSchema } from '../schema/render-schema.gen.ts'
import { validateKeys } from '../schema/validate.ts'
import type { Authored } from './authored.ts'
import { validateName } from './name.ts'

export type VolumeSpec = Authored<Volume>

/** A named volume as a value. A compose file has the volumes that its services mount. */
export interface VolumeValue {
  readonly kind: 'volume'
  readonly name: string
  readonly spec: VolumeSpec
  readonly [ORIGIN]?: Origin | undefined
}

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
  validateKeys(`volume ${name}`, spec, volumeSchema, origin)
  return Object.freeze({ kind: 'volume', name, spec: Object.freeze({ ...spec }), [ORIGIN]: origin })
}
