import { type Origin, originOf, UserError } from '@erlmcp/core'
import type { ServiceValue } from '../../service.ts'
import type { AnyCatalogue, Metric } from './metrics.ts'
import { up } from './metrics.ts'

/** Something that Prometheus scrapes. */
export interface Target {
  readonly kind: 'target'
  /** The label `job`. */
  readonly job: string
  /** `host:port` in the networks that it shares with Prometheus. */
  readonly address: string
  readonly path: string
  readonly metrics: readonly Metric[]
}

/**
 * A service whose metrics Prometheus scrapes, and the catalogue of what it exports there. They need
 * a network in common.
 *
 * @param port in the container
 * @param catalogue from `metrics({ … })`
 * @param path Default: `/metrics`.
 * @example
 * target(app, 9568, shop)
 */
export function target(
  of: ServiceValue,
  port: number,
  catalogue: AnyCatalogue,
  path: `/${string}` = '/metrics',
): Target {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new UserError({
      what: `${port} is no port of ${of.name}`,
      help: 'Give the number of the port in the container, 1 to 65535.',
      origin: originOf(target),
    })
  }
  const exported = Object.freeze(Object.values(catalogue))
  return Object.freeze({
    kind: 'target',
    job: of.name,
    address: `${of.name}:${port}`,
    path,
    metrics: exported,
  })
}

/** Refuses a metric that no target exports: what asks for it would never have an answer. */
export function refuseUnscraped(
  asked: readonly Metric[],
  targets: readonly Target[],
  by: string,
  origin: Origin,
): void {
  const known = new Set([up, ...targets.flatMap(({ metrics }) => metrics)].map(({ name }) => name))
  const missing = asked.find(({ name }) => !known.has(name))
  if (missing === undefined) return
  throw new UserError({
    what: `${by} asks for ${missing.name}, which no target of this Prometheus exports`,
    help: 'Give the service that exports it among `targets`, with its catalogue.',
    origin,
  })
}
