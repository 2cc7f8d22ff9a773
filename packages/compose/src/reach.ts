import type { DependencyValue } from './dependency.ts'
import type { ServiceValue } from './service.ts'
import type { Usage } from './usage.ts'

/**
 * Puts the services, and all that they refer to, into the file.
 *
 * @returns the services that another one waits for to complete
 */
export function reach(services: readonly ServiceValue[], usage: Usage): Set<ServiceValue> {
  const jobs = new Set<ServiceValue>()
  const seen = new Set<ServiceValue>()
  const queue = [...services]
  for (let at = 0; at < queue.length; at++) {
    const service = queue[at]!
    if (seen.has(service)) continue
    seen.add(service)
    usage.service(service)
    for (const one of service.spec.depends_on ?? []) {
      const isJob = isDependency(one) && one.how.condition === 'service_completed_successfully'
      if (isJob) jobs.add(one.service)
    }
    addReferences(service, queue)
  }
  return jobs
}

/** Adds every service that a service refers to. */
function addReferences({ spec }: ServiceValue, to: ServiceValue[]): void {
  for (const list of [spec.depends_on, spec.links, spec.volumes_from]) {
    for (const one of list ?? []) {
      if (isService(one)) to.push(one)
      else if (typeof one === 'object') to.push(one.service)
    }
  }
  for (const one of [spec.extends, spec.network_mode, spec.pid, spec.ipc]) {
    if (isService(one)) to.push(one)
  }
}

export function isService(value: unknown): value is ServiceValue {
  return typeof value === 'object' && (value as ServiceValue | null)?.kind === 'service'
}

export function isDependency(value: ServiceValue | DependencyValue): value is DependencyValue {
  return value.kind === 'dependency'
}
