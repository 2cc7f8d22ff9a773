import { type Keys, type Origin, schema, UserError } from '@erlmcp/core'
import type { ServiceValue } from '../../schema/author.gen.ts'
import type { CertificatePair } from '../../values/authority.ts'
import { mount } from '../../values/mount.ts'
import { type CommonOptions, openKeys } from '../extras.ts'
import type { Route, Weights } from './route.ts'

/** What every proxy takes. */
export interface ProxyOptions extends Omit<CommonOptions, 'password'> {
  /** Where it sends all of its requests. */
  readonly route: Route
  /** For HTTPS instead of HTTP: a certificate, and its key. */
  readonly tls?: CertificatePair
}

/** A proxy. It is a service, and has what moves requests while it runs. */
export interface ProxyService extends ServiceValue {
  readonly proxy: 'traefik' | 'haproxy'
  readonly route: Route
  /** The port inside of the container that is published: 8080, or 8443 with `tls`. */
  readonly port: number
  readonly live: LiveFile
  readonly control: ProxyControl
}

/** The file of weights, in the folder `live` of the route: in the proxy's own language. */
export interface LiveFile {
  /** Such as `live.yml`. */
  readonly name: string
  print(weights: Weights): string
  /** The weights of such a file, or undefined for the file of another route. */
  read(text: string): Weights | undefined
}

/** A command for the container of the proxy. */
export interface ProxyCommand {
  readonly argv: readonly string[]
  readonly input?: string
}

/** A server as a running proxy has it. */
export interface ServerState {
  readonly server: string
  readonly weight: number
  /** Whether it answers the readiness checks of the proxy. */
  readonly up: boolean
  /** Requests that it works on, where the proxy tells. */
  readonly requests?: number
}

/** Commands to a running proxy, which are available only inside of its container. */
export interface ProxyControl {
  /** Prints the current weights; `states` parses the output. */
  readonly ask: ProxyCommand
  states(answer: string): readonly ServerState[]
  /** Makes it take weights that are in the file already, without losing a request. */
  take(weights: Weights): ProxyCommand | { readonly signal: 'HUP' }
  /** Ends with 0 when a server says that it is ready, asked from the proxy. */
  ready(server: string): ProxyCommand
}

/** How a proxy is asked whether it is well. */
export function health(test: readonly string[]) {
  return {
    test: ['CMD', ...test],
    interval: '10s',
    timeout: '5s',
    retries: 3,
    start_period: '30s',
    start_interval: '1s',
  } as const
}

/** The folder of weights in the container, as far as the route has one. */
export function liveVolume({ live }: Route, target: string) {
  if (live === undefined) return {}
  const bind = { create_host_path: false }
  return { volumes: [mount(live, target, { read_only: true, bind })] }
}

const { anyObject, kind } = schema

/** What the options that both proxies take may be. */
export const proxyKeys: Keys<ProxyOptions> = {
  ...openKeys,
  route: kind('route'),
  tls: anyObject,
}

/** @throws UserError for keys that replace the configuration, or a service on another network */
export function checkProxy(name: string, options: ProxyOptions, origin: Origin): void {
  const { route, networks, extras = {} } = options
  const replaced = (['command', 'entrypoint'] as const).find((key) => extras[key] !== undefined)
  if (replaced !== undefined) {
    throw new UserError({
      message: `extras.${replaced} would start ${name} without its configuration`,
      hint: 'Remove it; for another server, write service(…).',
      origin,
    })
  }
  const own = namesOf(networks)
  for (const { service } of route.to) {
    const theirs = namesOf(service.spec.networks)
    if (own.some((one) => theirs.includes(one))) continue
    throw new UserError({
      message: `${name} does not share a network with ${service.name}`,
      hint: `Attach it to one of ${theirs.join(', ')} in \`networks\`.`,
      origin,
    })
  }
}

/** Without networks a service is in the one of its project. */
function namesOf(networks: CommonOptions['networks']): readonly string[] {
  return networks?.map((one) => ('value' in one ? one.value : one).name) ?? ['default']
}
