import { ORIGIN, UserError } from '@erlmcp/core'
import type { ServiceSpec, ServiceValue } from '../schema/author.gen.ts'
import { NAME_ONLY } from '../values/name-only.ts'
import { isService } from './referenced-services.ts'

/** The keys of a service and of the values that it extends. */
export function inheritedSpec({ spec }: ServiceValue): ServiceSpec {
  const { extends: base, ...own } = spec
  if (!isService(base)) return spec
  const { secrets = [], ...inherited } = inheritedSpec(base)
  const all = [...secrets, ...(own.secrets ?? [])]
  return { ...inherited, ...own, ...(all.length > 0 && { secrets: all }) }
}

/**
 * The value that a service extends.
 *
 * @throws UserError for a service of another file, whose keys are unknown
 */
export function extendedValue({ name, spec, ...value }: ServiceValue): ServiceValue | undefined {
  const base = spec.extends
  if (!isService(base)) return undefined
  if (!(NAME_ONLY in base)) return base
  throw new UserError({
    message: `service ${name} extends serviceNamed('${base.name}'), which is in another file`,
    hint: "Write extends: { file: 'base.yml', service: 'base' }.",
    origin: value[ORIGIN],
  })
}
