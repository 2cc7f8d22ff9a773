import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type {
  DependencySpec as DependencyOptions,
  DependencyValue,
  ServiceValue,
} from '../schema/author.gen.ts'
import { dependency } from '../schema/author-schema.gen.ts'
import { validateSpec } from './validate-spec.ts'

/**
 * Waits until the service's healthcheck succeeds.
 *
 * @example
 * service('app', { image: 'app:1.0', depends_on: [healthy(db, { restart: true })] })
 */
export function healthy(service: ServiceValue, options: DependencyOptions = {}): DependencyValue {
  return make(service, 'service_healthy', options, originOf(healthy))
}

/**
 * Waits until the service runs, healthy or not. A service alone in `depends_on` means the same.
 *
 * @example
 * service('app', { image: 'app:1.0', depends_on: [started(proxy)] })
 */
export function started(service: ServiceValue, options: DependencyOptions = {}): DependencyValue {
  return make(service, 'service_started', options, originOf(started))
}

/**
 * Waits until the service exited with status 0. Default `restart` of such a service: `no`.
 *
 * @example
 * service('app', { image: 'app:1.0', depends_on: [completed(migration)] })
 */
export function completed(service: ServiceValue, options: DependencyOptions = {}): DependencyValue {
  return make(service, 'service_completed_successfully', options, originOf(completed))
}

function make(
  service: ServiceValue,
  condition: DependencyValue['options']['condition'],
  options: DependencyOptions,
  origin: Origin,
): DependencyValue {
  validateSpec(`dependency on ${service?.name}`, options, dependency, origin)
  return Object.freeze({
    kind: 'dependency',
    service,
    options: Object.freeze({ condition, ...options }),
    [ORIGIN]: origin,
  })
}
