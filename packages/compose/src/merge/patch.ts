import { isTagged, ORIGIN, type Origin, originOf, UserError } from '@erlmcp/core'
import { isService } from '../render/referenced-services.ts'
import { validateName } from '../values/name.ts'
import type { ServiceSpec, ServiceValue } from '../values/service.ts'
import { validateService } from '../values/validate-service.ts'
import { untagged } from './merge.ts'
import type { Replacement, Reset } from './tag.ts'

type Whole = string | number | boolean | null | undefined | readonly unknown[]
// Values and built images are one thing; of other objects a patch may have some keys only.
type Value = { readonly kind: string } | { readonly writable: unknown }

type Patched<Type> = Reset | Replacement<Type> | Joined<Type>
type Joined<Type> = Type extends Whole | Value
  ? Type
  : { readonly [Key in keyof Type]?: Patched<Type[Key]> }

/** Keys of a service in an overlay: each is joined with the base's, unless `reset` or `replace`. */
export type PatchSpec = { readonly [Key in keyof ServiceSpec]?: Patched<ServiceSpec[Key]> }

/** What an overlay says of a service of its base. */
export interface PatchValue {
  readonly kind: 'patch'
  /** Of the service. */
  readonly name: string
  readonly spec: PatchSpec
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * What an overlay says of a service of its base: the keys that are written and nothing else. Compose
 * joins them with the base: mappings by key, lists without repeating an item, the rest by the later
 * value.
 *
 * @param service of the base, or its name
 * @throws UserError for a name or keys that no service has
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
      hint: 'Put `reset` or `replace(…)` at the key that it is for.',
      origin,
    })
  }
  if (isService(untagged(spec?.extends))) {
    throw new UserError({
      message: `patch of service ${name} extends a service value, whose keys its base would have to say`,
      hint: "Write the keys that change, or extends: { file: 'base.yml', service: 'base' }.",
      origin,
    })
  }
  validateService(name, untagged(spec) as object, origin)
  return Object.freeze({ kind: 'patch', name, spec: Object.freeze({ ...spec }), [ORIGIN]: origin })
}
