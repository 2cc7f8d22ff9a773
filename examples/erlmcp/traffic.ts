import { blueGreen, canary } from '@erlmcp/cluster'
import {
  env,
  interpolate,
  type NetworkValue,
  override,
  publish,
  type ServiceValue,
} from '@erlmcp/compose'
import { traefik } from '@erlmcp/compose/services'

const version = (name: string, description: string) =>
  interpolate`erlmcp:${env(name, '3.0.0', { description })}`

/** Folders of the application where nothing needs to outlive its container. */
export const inMemory = [
  '/tmp:size=64m,mode=1777',
  ...['/var/lib/erlmcp', '/var/log/erlmcp'].map(
    (folder) => `${folder}:size=64m,mode=0700,uid=1000,gid=1000`,
  ),
]

/**
 * Two versions of the application beside each other, behind Traefik: as blue and green, of which one
 * has all requests, and as a stable one and a canary, which share them.
 */
export function patterns(app: ServiceValue, edge: NetworkValue) {
  const common = {
    // The proxy has the port; what a version keeps is in PostgreSQL.
    service: override(app, { ports: undefined, volumes: undefined, tmpfs: inMemory }),
    domain: 'erlmcp.internal',
    port: 8080,
    ready: { path: '/health/ready', port: 9090 },
    proxy: (route: Parameters<typeof traefik>[1]['route']) =>
      traefik('traefik', {
        route,
        networks: [edge],
        publish: publish(env('ERLMCP_PORT', 8080), 8080),
      }),
  }
  return {
    colours: blueGreen('erlmcp', {
      ...common,
      blue: { image: version('ERLMCP_BLUE', 'Version of the image that blue runs') },
      green: { image: version('ERLMCP_GREEN', 'Version of the image that green runs') },
    }),
    trial: canary('erlmcp', {
      ...common,
      stable: { image: version('ERLMCP_STABLE', 'Version of the image that most requests get') },
      canary: { image: version('ERLMCP_CANARY', 'Version of the image that is tried out') },
      weight: 10,
    }),
  }
}
