import { ORIGIN } from '@erlmcp/core'
import { untagged } from '../merge/tag.ts'
import type { DependencyValue, ServiceSpec, ServiceValue } from '../schema/author.gen.ts'
import { type Interpolation, isInterpolation } from '../values/interpolation.ts'
import { validateName } from '../values/name.ts'
import { NAME_ONLY } from '../values/name-only.ts'
import { clash } from './render-context.ts'

/** The services of a file. */
export interface ReferencedServices {
  /** By name: the given services, and all that they refer to. */
  readonly services: ReadonlyMap<string, ServiceValue>
  /** Those that another one waits for to complete. */
  readonly jobs: ReadonlySet<ServiceValue>
}

/**
 * @param patches of services of another file; only the services that they refer to are added
 * @throws UserError when two services have one name
 */
export function findReferencedServices(
  given: readonly ServiceValue[],
  patches: readonly { readonly spec: unknown }[] = [],
): ReferencedServices {
  const services = new Map<string, ServiceValue>()
  const jobs = new Set<ServiceValue>()
  const queue = [...given]
  for (const { spec } of patches) addReferences(untagged(spec) as ServiceSpec, queue, jobs)
  for (let at = 0; at < queue.length; at++) {
    const service = queue[at]!
    if (NAME_ONLY in service) continue
    const known = services.get(service.name)
    if (known === service) continue
    if (known) throw clash(known, service)
    // A copy, as { ...app, name }, has a name that was not validated.
    validateName('service', service.name, service[ORIGIN])
    services.set(service.name, service)
    addReferences(service.spec, queue, jobs)
  }
  return { services, jobs }
}

/** Adds every service that a service refers to, and those that it waits for to complete. */
function addReferences(spec: ServiceSpec, to: ServiceValue[], jobs: Set<ServiceValue>): void {
  for (const one of spec.depends_on ?? []) {
    const isJob = isDependency(one) && one.options.condition === 'service_completed_successfully'
    if (isJob) jobs.add(one.service)
    else if (!isDependency(one) && one.job) jobs.add(one)
  }
  if (spec.depends_on) addAll(spec.depends_on, to)
  if (spec.links) addAll(spec.links, to)
  if (spec.volumes_from) addAll(spec.volumes_from, to)
  if (isService(spec.extends)) to.push(spec.extends)
  if (isService(spec.network_mode)) to.push(spec.network_mode)
  if (isService(spec.pid)) to.push(spec.pid)
  if (isService(spec.ipc)) to.push(spec.ipc)
}

type Referring = string | Interpolation | ServiceValue | { readonly service: ServiceValue }

function addAll(list: readonly Referring[], to: ServiceValue[]): void {
  for (const one of list) {
    if (isService(one)) to.push(one)
    else if (typeof one === 'object' && !isInterpolation(one)) to.push(one.service)
  }
}

export function isService(value: unknown): value is ServiceValue {
  return typeof value === 'object' && (value as ServiceValue | null)?.kind === 'service'
}

export function isDependency(value: unknown): value is DependencyValue {
  return typeof value === 'object' && (value as DependencyValue | null)?.kind === 'dependency'
}
