import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type { Volume } from '../document.ts'
import { volume as volumeSchema } from '../schema/resource.ts'
import { validateKeys } from '../schema/validate.ts'
import type { Authored } from './authored.ts'
import { validateName } from './name.ts'

export type VolumeSpec = Authored<Volume>

/** A named volume as a value; it is in a file when a service of that file mounts it. */
export interface VolumeValue {
  readonly kind: 'volume'
  readonly name: string
  readonly spec: VolumeSpec
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A named volume. `erlmcp backup` leaves it out where it has the key `x-no-backup`, with the reason:
 * `volume('cache', { 'x-no-backup': 'it is fetched again' })`. Compose and swarm ignore that key.
 *
 * @throws UserError when the name cannot be one.
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
