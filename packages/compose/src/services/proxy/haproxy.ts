import { originOf, schema, UserError, validateOptions } from '@erlmcp/core'
import { isAlpine, userOfImage } from '../../images/user-of-image.ts'
import { attach } from '../../values/attach.ts'
import { config } from '../../values/config.ts'
import type { ImageWithFixedTagOrDigest } from '../../values/literal.ts'
import { service } from '../../values/service.ts'
import { withExtras } from '../extras.ts'
import { haproxyFile, pingPort } from './haproxy-config.ts'
import { bashGet, haproxyControl, haproxyLive } from './haproxy-control.ts'
import {
  checkProxy,
  health,
  liveVolume,
  type ProxyOptions,
  type ProxyService,
  proxyKeys,
} from './proxy.ts'

export interface HaproxyOptions extends ProxyOptions {
  /** An image with the contract of the official one, on Debian. Default: `haproxy:3.0`. */
  readonly image?: ImageWithFixedTagOrDigest
}

const folder = '/usr/local/etc/haproxy'

const { kind, object, string, union } = schema

const optionsSchema = object<HaproxyOptions>(
  {
    ...proxyKeys,
    image: union(string, kind('interpolation')),
  },
  { required: ['route'] },
)

/**
 * An HAProxy that sends all requests on port 8080 (with `tls`: HTTPS on 8443) to the servers of a
 * route, each as often as its weight says, and to those alone that are ready.
 *
 * Its runtime API is on loopback inside of the container; it has no page of statistics.
 *
 * @param name of the service
 * @throws UserError when it does not share a network with a server, and for an image of Alpine,
 *   which lacks bash
 * @see https://docs.haproxy.org/3.0/configuration.html
 * @example
 * const proxy = haproxy('haproxy', {
 *   route: route('shop', { to: [{ service: app, weight: 100 }], port: 8080 }),
 *   networks: [edge],
 *   publish: 8080,
 * })
 */
export function haproxy(name: string, options: HaproxyOptions): ProxyService {
  const origin = originOf(haproxy)
  validateOptions(`haproxy ${name}`, options, optionsSchema, origin)
  checkProxy(name, options, origin)
  const { route, tls, image = 'haproxy:3.0' } = options
  if (isAlpine(image)) {
    throw new UserError({
      message: `the image of ${name} is based on Alpine, which has no bash for the commands to HAProxy`,
      hint: 'Use the tag without -alpine: haproxy:3.0.',
      origin,
    })
  }
  const port = tls ? 8443 : 8080
  const spec = {
    user: userOfImage(image, 'haproxy'),
    command: [
      'haproxy',
      // First: the first value of a setting wins.
      ...(route.live ? ['-f', `${folder}/live`] : []),
      ...['-f', `${folder}/haproxy.cfg`],
    ],
    configs: [
      attach(config(`${name}-config`, { document: haproxyFile(route, port, tls) }), {
        target: `${folder}/haproxy.cfg`,
      }),
    ],
    ...(tls && { secrets: [tls.certificate, tls.key] }),
    ...liveVolume(route, `${folder}/live`),
    healthcheck: health(bashGet('127.0.0.1', pingPort, '/ping')),
  } as const
  const value = service(name, { ...withExtras(spec, options, port), image })
  return Object.freeze({
    ...value,
    proxy: 'haproxy' as const,
    route,
    port,
    live: haproxyLive(route),
    control: haproxyControl(route),
  })
}
