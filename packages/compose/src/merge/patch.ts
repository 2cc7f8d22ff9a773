import { isTagged, ORIGIN, type Origin, originOf, UserError } from '@erlmcp/core'
import { isService } from '../render/referenced-services.ts'
import type { ServiceSpec, ServiceValue } from '../schema/author.gen.ts'
import { service as serviceSchema } from '../schema/author-schema.gen.ts'
import { validateName } from '../values/name.ts'
import { validateSpec } from '../values/validate-spec.ts'
import { type Replacement, type Reset, untagged } from './tag.ts'

type Whole = string | number | boolean | null | undefined | readonly unknown[]
// A patch may have some of the keys of an object; values and built images are complete.
type Value = { readonly kind: string } | { readonly writable: unknown }

type Patched<Type> = Reset | Replacement<Type> | Joined<Type>
type Joined<Type> = Type extends Whole | Value
  ? Type
  : { readonly [Key in keyof Type]?: Patched<Type[Key]> }

/** Keys of a service in an overlay. Each is merged with the base's, unless it is `reset` or `replace(…)`. */
export type PatchSpec = { readonly [Key in keyof ServiceSpec]?: Patched<ServiceSpec[Key]> }

/** A patch of a service of an overlay's base. */
export interface PatchValue {
  readonly kind: 'patch'
  /** Name of the service. */
  readonly name: string
  readonly spec: PatchSpec
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * Changes keys of a service of an overlay's base. The overlay has the keys that you write and nothing
 * else. Compose merges mappings key by key, appends lists without duplicates, and replaces the rest.
 *
 * @param service of the base, or its name
 * @throws UserError for an invalid name or an unknown key
 * @see {@link overlay}
 * @example
 * patch(app, { command: ['sleep', 'infinity'], environment: { DEBUG: '1' }, restart: reset })
 */
export function patch(service: ServiceValue | string, spec: PatchSpec): PatchValue {
  const origin = originOf(patch)
  const name = typeof service === 'object' ? service?.name : service
  validateName('service', name, origin)
  if (isTagged(spec)) {
    throw new UserError({
      message: `patch of service ${name}: expected an object of keys, got a tag`,
      hint: 'Write `reset` or `replace(…)` as the value of a key.',
      origin,
    })
  }
  if (isService(untagged(spec?.extends))) {
    throw new UserError({
      message: `patch of service ${name} extends a service value, which the base would have to contain`,
      hint: "Write the keys that change, or extends: { file: 'base.yml', service: 'base' }.",
      origin,
    })
  }
  validateSpec(`service ${name}`, untagged(spec), serviceSchema, origin)
  return Object.freeze({ kind: 'patch', name, spec: Object.freeze({ ...spec }), [ORIGIN]: origin })
}
