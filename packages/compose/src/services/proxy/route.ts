import { ORIGIN, type Origin, originOf, schema, UserError, validateOptions } from '@erlmcp/core'
import type { ServiceValue } from '../../schema/author.gen.ts'
import { validateName } from '../../values/name.ts'

/** Where a server says whether it may get requests: by the status 200. */
export interface Readiness {
  /** Such as `/health/ready`. */
  readonly path: string
  readonly port: number
}

/** One of the servers that share the requests. */
export interface RouteServer {
  readonly service: ServiceValue
  /** Its share, against those of the others: 0 to 100, and 0 for none. */
  readonly weight: number
}

export interface RouteOptions {
  /** Who gets requests. */
  readonly to: readonly RouteServer[]
  /** Port on which all of them take HTTP. */
  readonly port: number
  /** Default: `/health/ready` on port 9090, as images of `erlangImage` have it. */
  readonly ready?: Readiness
  /**
   * Folder with a file of weights that replaces those of `to`, relative to the compose file. The
   * proxy reads it at each start; the stack never writes it. Default: the weights are fixed.
   */
  readonly live?: `./${string}`
}

/** Where a proxy sends its requests. */
export interface Route {
  readonly kind: 'route'
  readonly name: string
  readonly to: readonly RouteServer[]
  readonly port: number
  readonly ready: Readiness
  readonly live?: `./${string}`
  readonly [ORIGIN]?: Origin | undefined
}

/** A share of the requests for each server, by the name of its service. */
export type Weights = Readonly<Record<string, number>>

const { anyList, anyObject, number, object, string } = schema

const optionsSchema = object<RouteOptions>(
  {
    to: anyList,
    port: number,
    ready: anyObject,
    live: string,
  },
  { required: ['to', 'port'] },
)

/**
 * Where a proxy sends its requests: to servers that share them by weight. One that is not ready
 * gets none, and the others get its share.
 *
 * @param name of the folder with the proxy's files, `docker/<name>`
 * @throws UserError for weights, a port or a path that cannot be one
 * @example
 * route('shop', { to: [{ service: old, weight: 90 }, { service: next, weight: 10 }], port: 8080 })
 */
export function route(name: string, options: RouteOptions): Route {
  const origin = originOf(route)
  validateOptions(`route ${name}`, options, optionsSchema, origin)
  const { to, port, ready = { path: '/health/ready', port: 9090 }, live } = options
  validateName('route', name, origin)
  checkServers(name, to, origin)
  checkPort(name, port, origin)
  checkPort(name, ready.port, origin)
  checkPath(name, ready.path, origin)
  return Object.freeze({
    kind: 'route' as const,
    name,
    to: Object.freeze(to.map((one) => Object.freeze({ ...one }))),
    port,
    ready: Object.freeze({ ...ready }),
    ...(live !== undefined && { live }),
    [ORIGIN]: origin,
  })
}

/** The weights that the stack gives. */
export function weightsOf({ to }: Route): Weights {
  return Object.fromEntries(to.map(({ service, weight }) => [service.name, weight]))
}

/** The weights of a file, if it has one for exactly these servers. */
export function weightsIn(
  entries: readonly (readonly [name: string, weight: number])[],
  names: readonly string[],
): Weights | undefined {
  const weights = Object.fromEntries(entries)
  const fits = entries.length === names.length && names.every((name) => isWeight(weights[name]))
  return fits && Object.values(weights).some((one) => one > 0) ? weights : undefined
}

function isWeight(weight: number | undefined): boolean {
  return Number.isInteger(weight) && weight! >= 0 && weight! <= 100
}

function checkServers(name: string, to: readonly RouteServer[], origin: Origin): void {
  const names = to.map(({ service }) => service.name)
  const twice = names.find((one, at) => names.indexOf(one) !== at)
  if (twice !== undefined) {
    throw new UserError({
      message: `the route ${name} lists ${twice} twice`,
      hint: 'Name each service once, with the sum of its weights.',
      origin,
    })
  }
  const wrong = to.find(({ weight }) => !isWeight(weight))
  if (!wrong && to.some(({ weight }) => weight > 0)) return
  throw new UserError({
    message: wrong
      ? `the weight ${wrong.weight} of ${wrong.service.name} in the route ${name} is invalid`
      : `the route ${name} has no server with a weight`,
    hint: 'A weight is a whole number from 0 to 100, and one of them is above 0.',
    origin,
  })
}

function checkPort(name: string, port: number, origin: Origin): void {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return
  throw new UserError({
    message: `the route ${name} has the invalid port ${port}`,
    hint: 'A port is a whole number from 1 to 65535.',
    origin,
  })
}

// RFC 3986: segments and a query. Braces are not in it, which Traefik would take for a template.
const path = /^\/(?:[\w\-.~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*$/

function checkPath(name: string, text: string, origin: Origin): void {
  if (path.test(text) && text.length <= 500) return
  throw new UserError({
    message: `the route ${name} has the invalid readiness path ${JSON.stringify(text)}`,
    hint: "Write the path of a URL, with its slash: '/health/ready'.",
    origin,
  })
}
