import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type { Dependency } from '../document.ts'
import type { DependencyValue, ServiceValue } from './service.ts'

export type DependencyOptions = Omit<Dependency, 'condition'>

/**
 * Waits until the service's healthcheck succeeds.
 *
 * @example
 * service('app', { image: 'app:1.0', depends_on: [healthy(db, { restart: true })] })
 */
export function healthy(service: ServiceValue, options: DependencyOptions = {}): DependencyValue {
  return make(service, { condition: 'service_healthy', ...options }, originOf(healthy))
}

/**
 * Waits until the service runs, healthy or not. A service alone in `depends_on` means the same.
 *
 * @example
 * service('app', { image: 'app:1.0', depends_on: [started(proxy)] })
 */
export function started(service: ServiceValue, options: DependencyOptions = {}): DependencyValue {
  return make(service, { condition: 'service_started', ...options }, originOf(started))
}

/**
 * Waits until the service exited with status 0. Default `restart` of such a service: `no`.
 *
 * @example
 * service('app', { image: 'app:1.0', depends_on: [completed(migration)] })
 */
export function completed(service: ServiceValue, options: DependencyOptions = {}): DependencyValue {
  return make(
    service,
    { condition: 'service_completed_successfully', ...options },
    originOf(completed),
  )
}

function make(service: ServiceValue, options: Dependency, origin: Origin): DependencyValue {
  return Object.freeze({
    kind: 'dependency',
    service,
    options: Object.freeze(options),
    [ORIGIN]: origin,
  })
}
