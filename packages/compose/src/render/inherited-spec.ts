import type { ServiceSpec, ServiceValue } from '../values/service.ts'
import { isService } from './referenced-services.ts'

/** The keys of a service and of the values that it extends. */
export function inheritedSpec({ spec }: ServiceValue): ServiceSpec {
  const { extends: base, ...own } = spec
  if (!isService(base)) return spec
  const { secrets = [], ...inherited } = inheritedSpec(base)
  const all = [...secrets, ...(own.secrets ?? [])]
  return { ...inherited, ...own, ...(all.length > 0 && { secrets: all }) }
}
