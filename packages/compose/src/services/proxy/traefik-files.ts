import { type Document, yamlFormat } from '@erlmcp/core'
import type { CertificatePair } from '../../values/authority.ts'
import { type Route, type Weights, weightsOf } from './route.ts'

/** Where Traefik's API and, if asked for, its dashboard are. */
export const adminPort = 8099
export const api = `http://127.0.0.1:${adminPort}/api/http`

/** Names other than those of servers: service names have no colon. */
export const initial = 'weights:initial'
export const live = 'weights:live'

const yaml = ({ name }: Route, file: string, data: unknown): Document => ({
  path: `docker/${name}/${file}`,
  format: yamlFormat,
  data,
})

/** `traefik.yml`, read at the start. */
export function staticFile(
  route: Route,
  port: number,
  tls: CertificatePair | undefined,
  dashboard: unknown,
): Document {
  // X_Forwarded_For would pass for X-Forwarded-For with a server that takes one for the other.
  const http = { aliasHeadersStrategy: 'delete' }
  const seen = dashboard !== undefined
  return yaml(route, 'traefik.yml', {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: 'WARN', noColor: true },
    entryPoints: {
      web: { address: `:${port}`, asDefault: true, http: { ...http, ...(tls && { tls: {} }) } },
      admin: { address: `${seen ? '' : '127.0.0.1'}:${adminPort}`, http },
    },
    api: { dashboard: seen },
    // Shorter than servers keep an idle connection, 60 s or more: a request on one that they
    // close at the same moment would be lost.
    serversTransport: { forwardingTimeouts: { idleConnTimeout: '30s' } },
    providers: {
      providersThrottleDuration: '200ms',
      // Read again at SIGHUP. Watched, a half of a change would be taken.
      file: { directory: '/etc/traefik/dynamic', watch: false },
    },
  })
}

/** The routes as the stack has them. What is in `live` has a higher priority. */
export function routesFile(route: Route, tls: CertificatePair | undefined): Document {
  const { to, port, ready } = route
  const servers = to.map(({ service: { name } }) => [
    name,
    {
      loadBalancer: {
        servers: [{ url: `http://${name}:${port}` }],
        healthCheck: { path: ready.path, port: ready.port, interval: '2s', timeout: '5s' },
      },
    },
  ])
  const data = weighted('initial', initial, 1, weightsOf(route))
  return yaml(route, 'routes.yml', {
    http: {
      routers: {
        admin: {
          rule: 'PathPrefix(`/api`) || PathPrefix(`/dashboard`)',
          entryPoints: ['admin'],
          service: 'api@internal',
        },
        ...data.http.routers,
      },
      services: { ...data.http.services, ...Object.fromEntries(servers) },
    },
    ...(tls && {
      tls: { stores: { default: { defaultCertificate: pair(tls) } } },
    }),
  })
}

/** A router that takes every request, and gives it to one of the servers by weight. */
export function weighted(router: string, name: string, priority: number, weights: Weights) {
  const services = Object.entries(weights).map(([server, weight]) => ({ name: server, weight }))
  return {
    http: {
      routers: {
        [router]: { rule: 'PathPrefix(`/`)', priority, entryPoints: ['web'], service: name },
      },
      // With health: the share of a server that is not ready goes to the others.
      services: { [name]: { weighted: { services, healthCheck: {} } } },
    },
  }
}

function pair({ certificate, key }: CertificatePair) {
  return {
    certFile: `/run/secrets/${certificate.name}`,
    keyFile: `/run/secrets/${key.name}`,
  }
}
