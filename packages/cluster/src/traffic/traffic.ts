import {
  type NetworkValue,
  override,
  type ServiceOverride,
  type ServiceValue,
} from '@erlmcp/compose'
import {
  type ProxyService,
  type Readiness,
  type Route,
  route,
  traefik,
} from '@erlmcp/compose/services'
import {
  type Document,
  type Keys,
  ORIGIN,
  type Origin,
  originOf,
  type Source,
  schema,
  textFile,
  validateOptions,
} from '@erlmcp/core'
import { validateNotShared } from '../validate-cluster.ts'

/** Options of both patterns. */
interface Common {
  /** The service of every version, without published ports: the proxy publishes them. */
  readonly service: ServiceValue
  /** HTTP port of the versions. */
  readonly port: number
  /** Default: `/health/ready` on port 9090, as images of `erlangImage` have it. */
  readonly ready?: Readiness
  /** Domain of the versions' host names. Default: `<name>.internal`. */
  readonly domain?: string
  /**
   * The proxy before them. Default: a Traefik named `traefik` in those networks of the service
   * that are not internal, with `port` published on loopback.
   */
  readonly proxy?: (route: Route) => ProxyService
}

export interface BlueGreenOptions extends Common {
  /** Keys of the blue version, such as its image. */
  readonly blue: ServiceOverride
  readonly green: ServiceOverride
  /** The version that gets the requests before the first switch. Default: blue. */
  readonly live?: 'blue' | 'green'
}

export interface CanaryOptions extends Common {
  /** Keys of the stable version, such as its image. */
  readonly stable: ServiceOverride
  readonly canary: ServiceOverride
  /** Percentage of the requests for the canary before the first change. */
  readonly weight: number
}

const { anyObject, fn, kind, number, object, string } = schema

const commonKeys: Keys<Common> = {
  service: kind('service'),
  port: number,
  ready: anyObject,
  domain: string,
  proxy: fn,
}
const blueGreenSchema = object<BlueGreenOptions>(
  {
    ...commonKeys,
    blue: anyObject,
    green: anyObject,
    live: string,
  },
  { required: ['service', 'blue', 'green'] },
)
const canarySchema = object<CanaryOptions>(
  {
    ...commonKeys,
    stable: anyObject,
    canary: anyObject,
    weight: number,
  },
  { required: ['service', 'stable', 'canary'] },
)

/** One of two versions of a service. */
export interface Version {
  /** `blue`, `green`, `stable` or `canary`. */
  readonly name: string
  readonly service: ServiceValue
}

/** Two versions behind one proxy. As a source of the stack it adds the folder of the weights. */
export interface Traffic extends Source {
  readonly kind: 'traffic'
  readonly pattern: 'blue-green' | 'canary'
  /** `<name>-bluegreen` or `<name>-canary`: of the folders of its files, and for `--name`. */
  readonly name: string
  readonly versions: readonly [Version, Version]
  readonly proxy: ProxyService
  /** File in force, written by `erlmcp traffic` alone; relative to the project. */
  readonly live: string
  /** The proxy and both versions, for `compose(file, [...traffic.services])`. */
  readonly services: readonly ServiceValue[]
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * Two colours of one service behind a proxy; one of them gets all requests. `erlmcp traffic switch
 * green` switches to the other, `--back` back.
 *
 * @param name the services are `<name>-blue` and `<name>-green`
 * @throws UserError for keys that two containers cannot share: published ports, a container name
 * @example
 * const web = blueGreen('erlmcp', {
 *   service: app,
 *   blue: { image: 'erlmcp:3.0.0' },
 *   green: { image: 'erlmcp:3.1.0' },
 *   port: 8080,
 * })
 * export default stack('shop', [image, web, compose('docker-compose.bluegreen.yml', [...web.services])])
 */
export function blueGreen(name: string, options: BlueGreenOptions): Traffic {
  const origin = originOf(blueGreen)
  validateOptions(`blueGreen ${name}`, options, blueGreenSchema, origin)
  const { blue, green, live = 'blue' } = options
  return traffic('blue-green', name, options, origin, [
    ['blue', blue, live === 'blue' ? 100 : 0],
    ['green', green, live === 'green' ? 100 : 0],
  ])
}

/**
 * A new version beside the stable one, behind a proxy that gives it a share of the requests.
 * `erlmcp traffic weight 25` changes the share.
 *
 * @param name the services are `<name>-stable` and `<name>-canary`
 * @throws UserError for a weight other than an integer from 0 to 100, and for keys that two containers
 *   cannot share: published ports, a container name
 * @example
 * const web = canary('erlmcp', {
 *   service: app,
 *   stable: { image: 'erlmcp:3.0.0' },
 *   canary: { image: 'erlmcp:3.1.0' },
 *   weight: 10,
 *   port: 8080,
 * })
 * export default stack('shop', [image, web, compose('docker-compose.canary.yml', [...web.services])])
 */
export function canary(name: string, options: CanaryOptions): Traffic {
  const origin = originOf(canary)
  validateOptions(`canary ${name}`, options, canarySchema, origin)
  const { stable, canary: next, weight } = options
  return traffic('canary', name, options, origin, [
    ['stable', stable, 100 - weight],
    ['canary', next, weight],
  ])
}

/** Whether a source of a stack is two versions behind a proxy. */
export function isTraffic(source: Source): source is Traffic {
  return (source as Partial<Traffic>).kind === 'traffic'
}

type Part = readonly [name: string, own: ServiceOverride, weight: number]

function traffic(
  pattern: Traffic['pattern'],
  name: string,
  options: Common,
  origin: Origin,
  parts: readonly [Part, Part],
): Traffic {
  const { service, domain = `${name}.internal`, port, ready } = options
  const full = `${name}-${pattern.replace('-', '')}`
  validateNotShared(full, service, 'versions', origin)
  const version = ([part, own]: Part): Version => {
    const host = `${name}-${part}`
    const made = override(service, { name: host, hostname: `${host}.${domain}`, ...own })
    return Object.freeze({ name: part, service: made })
  }
  const versions = [version(parts[0]), version(parts[1])] as const
  const folder = `traffic/${full}`
  const way = route(full, {
    to: versions.map((one, at) => ({ service: one.service, weight: parts[at]![2] })),
    port,
    ...(ready && { ready }),
    live: `./${folder}`,
  })
  const proxy = options.proxy?.(way) ?? defaultProxy(way, service)
  return Object.freeze({
    kind: 'traffic' as const,
    pattern,
    name: full,
    versions,
    proxy,
    live: `${folder}/${proxy.live.name}`,
    services: Object.freeze([proxy, ...versions.map((one) => one.service)]),
    // The weights are state of a machine, not of the repository.
    documents: (): Iterable<Document> => [
      textFile(`${folder}/.gitignore`, '*\n!.gitignore\n', { comment: '#' }),
    ],
    [ORIGIN]: origin,
  } satisfies Traffic)
}

function defaultProxy(way: Route, { spec }: ServiceValue): ProxyService {
  const all = spec.networks?.map((one): NetworkValue => ('value' in one ? one.value : one))
  const open = all?.filter((one) => one.spec.internal !== true)
  return traefik('traefik', { route: way, ...(open && { networks: open }), publish: way.port })
}
