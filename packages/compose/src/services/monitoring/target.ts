import { type Origin, originOf, UserError } from '@erlmcp/core'
import type { ServiceValue } from '../../schema/author.gen.ts'
import type { AnyCatalogue, Metric } from './metrics.ts'
import { up } from './metrics.ts'
import { validateLabelValue } from './promql.ts'

/** Something that Prometheus scrapes. */
export interface ScrapeTarget {
  readonly kind: 'target'
  /** The label `job`. */
  readonly job: string
  /** `host:port` of each, in the networks that they share with Prometheus: the label `instance`. */
  readonly addresses: readonly string[]
  readonly path: string
  readonly metrics: readonly Metric[]
  /** Whose addresses these are. */
  readonly services: readonly ServiceValue[]
}

/**
 * A service whose metrics Prometheus scrapes, and the catalogue of what it exports there. They need
 * a network in common.
 *
 * @param port in the container
 * @param catalogue from `metrics({ … })`
 * @param path Default: `/metrics`.
 * @throws UserError for a port or a path that cannot be one
 * @example
 * target(app, 9568, shop)
 */
export function target(
  of: ServiceValue,
  port: number,
  catalogue: AnyCatalogue,
  path: `/${string}` = '/metrics',
): ScrapeTarget {
  validateAddress(of.name, port, path, originOf(target))
  return targetOf(of.name, [of], port, Object.values(catalogue), path)
}

/**
 * Services that run the same program, such as the nodes of a cluster, as one job of Prometheus with
 * an instance for each.
 *
 * @param job what rules and graphs call all of them
 * @param port in each container
 * @throws UserError for a job, a port or a path that cannot be one, and for no service at all
 * @example
 * targets('erlmcp', nodes.services, 9568, catalogue)
 */
export function targets(
  job: string,
  of: readonly ServiceValue[],
  port: number,
  catalogue: AnyCatalogue,
  path: `/${string}` = '/metrics',
): ScrapeTarget {
  const origin = originOf(targets)
  if (job === '' || of.length === 0) {
    throw new UserError({
      message: job === '' ? 'a job needs a name' : `the job ${job} has no services`,
      hint: "Give both: targets('shop', [one, another], 9568, shop).",
      origin,
    })
  }
  validateLabelValue(job, 'job', origin)
  validateAddress(job, port, path, origin)
  return targetOf(job, of, port, Object.values(catalogue), path)
}

function validateAddress(of: string, port: number, path: string, origin: Origin): void {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new UserError({
      message: `${of} has the invalid port ${port}`,
      hint: 'Give the number of the port in the container, 1 to 65535.',
      origin,
    })
  }
  if (/^\/[^\s?#]*$/.test(path)) return
  throw new UserError({
    message: `${JSON.stringify(path)} is not a valid metrics path`,
    hint: 'Begin with a slash, without spaces, `?` and `#`: /metrics.',
    origin,
  })
}

/** Services of which the port and the path are known to be right. */
export function targetOf(
  job: string,
  services: readonly ServiceValue[],
  port: number,
  metrics: readonly Metric[],
  path = '/metrics',
): ScrapeTarget {
  return Object.freeze({
    kind: 'target',
    job,
    addresses: Object.freeze(services.map(({ name }) => `${name}:${port}`)),
    path,
    metrics: Object.freeze(metrics),
    services: Object.freeze([...services]),
  })
}

/**
 * What refuses a metric that no target exports, or not with these labels: what asks for it would
 * never have an answer.
 */
export function scrapedValidator(
  targets: readonly ScrapeTarget[],
): (asked: readonly Metric[], by: string, origin: Origin) => void {
  const known = new Map<string, Metric[]>()
  for (const metric of [up, ...targets.flatMap(({ metrics }) => metrics)]) {
    known.set(metric.name, [...(known.get(metric.name) ?? []), metric])
  }
  const isExported = (asked: Metric) =>
    known
      .get(asked.name)
      ?.some((one) => one.type === asked.type && asked.labels.every(isIn(one.labels)))
  return (asked, by, origin) => {
    const missing = asked.find((one) => !isExported(one))
    if (missing === undefined) return
    const other = known.get(missing.name)?.[0]
    const labels = other?.labels.filter((label) => label !== 'job' && label !== 'instance')
    throw new UserError({
      message: other
        ? `${by} queries ${missing.name} of another catalogue than that of its target`
        : `${by} queries ${missing.name}, which no target of this Prometheus exports`,
      hint: other
        ? `The metric of the target is a ${other.type} with the labels [${labels?.join(', ')}].`
        : 'Add the service that exports it to `targets`, with its catalogue.',
      origin,
    })
  }
}

function isIn(all: readonly string[]): (one: string) => boolean {
  return (one) => all.includes(one)
}
