import { ORIGIN, originOf } from '@erlmcp/core'
import type { ServiceSpec, ServiceValue } from '../schema/author.gen.ts'
import { service as serviceSchema } from '../schema/author-schema.gen.ts'
import type { Text } from './interpolation.ts'
import { validateName } from './name.ts'
import { NAME_ONLY } from './name-only.ts'
import { validateSpec } from './validate-spec.ts'

/** The keys of a service with a `build`: its `image` needs no tag. */
export interface BuiltServiceSpec extends Omit<ServiceSpec, 'build' | 'image'> {
  /** How its image is built. */
  readonly build: NonNullable<ServiceSpec['build']>
  /** Name of the built image. Without a tag: `latest`. Default: `<project>-<service>`. */
  readonly image?: Text
}

/**
 * A service. Its defaults are safe: read-only root with `/tmp` in memory, no capabilities, no new
 * privileges, an init, limits, log rotation, ports on loopback. Set a key to replace its default:
 * `read_only: false`, `cap_drop: []`.
 *
 * @throws UserError for an invalid name or spec
 * @see https://github.com/compose-spec/compose-spec/blob/main/05-services.md
 * @example
 * const web = service('web', { image: 'nginx:1.29', ports: [publish(8080, 80)] })
 */
export function service(name: string, spec: ServiceSpec): ServiceValue
export function service(name: string, spec: BuiltServiceSpec): ServiceValue
// Repeated, since the compiler reports the error of the last overload; the first one makes the usual call cheap.
export function service(name: string, spec: ServiceSpec): ServiceValue
export function service(name: string, spec: ServiceSpec | BuiltServiceSpec): ServiceValue {
  const origin = originOf(service)
  validateName('service', name, origin)
  validateSpec(`service ${name}`, spec, serviceSchema, origin)
  return Object.freeze({
    kind: 'service',
    name,
    spec: Object.freeze({ ...spec }) as ServiceSpec,
    [ORIGIN]: origin,
  })
}

/**
 * Refers to a service of another file by name: of an included file, or of the base of an overlay.
 *
 * @throws UserError for an invalid name
 * @example
 * const db = serviceNamed('db')
 * const app = service('app', { image: 'app:1.0', depends_on: [healthy(db)] })
 * compose('compose.yaml', [app], { include: ['database.yaml'] })
 */
export function serviceNamed(name: string): ServiceValue {
  const origin = originOf(serviceNamed)
  validateName('service', name, origin)
  const value = { kind: 'service' as const, name, spec: {}, [ORIGIN]: origin, [NAME_ONLY]: true }
  return Object.freeze(value)
}

/** Keys to set, or to remove with `undefined`, and optionally another name. */
export type ServiceOverride = {
  readonly [Key in keyof ServiceSpec]: ServiceSpec[Key] | undefined
} & { readonly name?: string }

/**
 * A copy of a service with other keys; `undefined` removes one. The original does not change.
 *
 * @example
 * const debug = override(app, { command: ['sleep', 'infinity'], read_only: false })
 */
export function override(original: ServiceValue, spec: ServiceOverride): ServiceValue {
  const origin = originOf(override)
  const { name = original.name, ...changes } = spec
  validateName('service', name, origin)
  validateSpec(`service ${name}`, changes, serviceSchema, origin)
  const merged = Object.fromEntries(
    Object.entries({ ...original.spec, ...changes }).filter(([, value]) => value !== undefined),
  )
  return Object.freeze({
    kind: 'service',
    name,
    spec: Object.freeze(merged),
    ...(original.job && { job: true }),
    [ORIGIN]: origin,
  })
}
