import { type Origin, originOf, UserError } from '@erlmcp/core'
import type { ServiceValue } from '../../service.ts'
import { networksOf } from './common.ts'
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
  /** The names of the networks that it is in. Default: not known. */
  readonly networks?: readonly string[] | undefined
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
): Target {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new UserError({
      what: `${port} is no port of ${of.name}`,
      help: 'Give the number of the port in the container, 1 to 65535.',
      origin: originOf(target),
    })
  }
  if (!/^\/[^\s?#]*$/.test(path)) {
    throw new UserError({
      what: `${JSON.stringify(path)} is no path of metrics`,
      help: 'Begin with a slash, and leave out spaces, `?` and `#`: /metrics.',
      origin: originOf(target),
    })
  }
  return targetOf(of, port, Object.values(catalogue), path)
}

/** A service of which the port and the path are known to be right. */
export function targetOf(
  of: ServiceValue,
  port: number,
  metrics: readonly Metric[],
  path = '/metrics',
): Target {
  return Object.freeze({
    kind: 'target',
    job: of.name,
    address: `${of.name}:${port}`,
    path,
    metrics: Object.freeze(metrics),
    networks: networksOf(of),
  })
}

/**
 * What refuses a metric that no target exports, or not with these labels: what asks for it would
 * never have an answer.
 */
export function unscrapedRefusal(
  targets: readonly Target[],
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
      what: other
        ? `${by} asks for ${missing.name} of another catalogue than that of what is scraped`
        : `${by} asks for ${missing.name}, which no target of this Prometheus exports`,
      help: other
        ? `The one that is scraped is a ${other.type} with the labels [${labels?.join(', ')}].`
        : 'Give the service that exports it among `targets`, with its catalogue.',
      origin,
    })
  }
}

function isIn(all: readonly string[]): (one: string) => boolean {
  return (one) => all.includes(one)
}
