import { originOf, schema, validateOptions } from '@erlmcp/core'
import { attach } from '../../values/attach.ts'
import { config } from '../../values/config.ts'
import type { ImageWithFixedTagOrDigest } from '../../values/literal.ts'
import { service } from '../../values/service.ts'
import { type CommonOptions, portOf, withExtras } from '../extras.ts'
import {
  checkProxy,
  health,
  liveVolume,
  type ProxyOptions,
  type ProxyService,
  proxyKeys,
} from './proxy.ts'
import { traefikControl, traefikLive } from './traefik-control.ts'
import { adminPort, api, routesFile, staticFile } from './traefik-files.ts'

export interface TraefikOptions extends ProxyOptions {
  /** An image with the contract of the official one. Default: `traefik:v3.7.15`. */
  readonly image?: ImageWithFixedTagOrDigest
  /**
   * A port of the host's loopback for the dashboard. It has no users: who reaches the port, or
   * the container, sees all of the configuration. Default: none.
   */
  readonly dashboard?: CommonOptions['publish']
}

const { any, kind, object, string, union } = schema

const optionsSchema = object<TraefikOptions>(
  {
    ...proxyKeys,
    image: union(string, kind('interpolation')),
    dashboard: any,
  },
  { required: ['route'] },
)

/**
 * A Traefik that sends all requests on port 8080 (with `tls`: HTTPS on 8443) to the servers of a
 * route, each as often as its weight says, and to those alone that are ready.
 *
 * Its configuration comes from files; it never sees the Docker socket. Its API is on loopback
 * inside of the container.
 *
 * @param name of the service
 * @throws UserError when it does not share a network with a server
 * @see https://doc.traefik.io/traefik/reference/routing-configuration/http/load-balancing/service/
 * @example
 * const proxy = traefik('traefik', {
 *   route: route('shop', { to: [{ service: app, weight: 100 }], port: 8080 }),
 *   networks: [edge],
 *   publish: 8080,
 * })
 */
export function traefik(name: string, options: TraefikOptions): ProxyService {
  const origin = originOf(traefik)
  validateOptions(`traefik ${name}`, options, optionsSchema, origin)
  checkProxy(name, options, origin)
  const { route, tls, dashboard } = options
  const port = tls ? 8443 : 8080
  const spec = {
    user: '65532:65532',
    configs: [
      attach(config(`${name}-static`, { document: staticFile(route, port, tls, dashboard) }), {
        target: '/etc/traefik/traefik.yml',
      }),
      attach(config(`${name}-routes`, { document: routesFile(route, tls) }), {
        target: '/etc/traefik/dynamic/routes.yml',
      }),
    ],
    ...(tls && { secrets: [tls.certificate, tls.key] }),
    ...liveVolume(route, '/etc/traefik/dynamic/live'),
    // Without its routes it would answer 404 to everybody, and to a ping that it is well.
    healthcheck: health(['wget', '-qO', '/dev/null', '-T', '4', `${api}/routers/initial@file`]),
  } as const
  const made = withExtras(spec, options, port)
  const seen = dashboard === undefined ? [] : [portOf(dashboard, adminPort)]
  const value = service(name, {
    ...made,
    ...(seen.length > 0 && { ports: [...[made.ports ?? []].flat(), ...seen] }),
    image: options.image ?? 'traefik:v3.7.15',
  })
  return Object.freeze({
    ...value,
    proxy: 'traefik' as const,
    route,
    port,
    live: traefikLive(route),
    control: traefikControl(route),
  })
}
