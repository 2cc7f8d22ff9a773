import type { Rule } from '@erlmcp/core'
import type { ComposeFile, Network } from '../../document.ts'
import { onServicesWith, type Place } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'

export const portWithoutEffect: Rule<ComposeFile> = {
  id: 'compose/port-without-effect',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Published port without effect',
  why: 'A container on internal networks or with `network_mode: none` is not reachable from the host; with `network_mode: host` the program opens its ports itself, on every interface.',
  hint: 'Add a network that is not internal, or remove `ports`.',
  references: ['Compose spec, internal', 'Docker "Host network driver"'],
  bad: {
    services: { app: { image: 'app:1', ports: ['127.0.0.1:8080:80'], networks: ['backend'] } },
    networks: { backend: { internal: true } },
  },
  good: {
    services: {
      app: { image: 'app:1', ports: ['127.0.0.1:8080:80'], networks: ['backend', 'edge'] },
    },
    networks: { backend: { internal: true }, edge: {} },
  },
  ...onServicesWith('ports', function* (place, { data }) {
    if (!place.service.ports?.length) return
    const why = whyClosed(place, data.networks ?? {})
    if (why === undefined) return
    yield { path: [...place.path, 'ports'], message: `${place.name} publishes ports, but ${why}` }
  }),
}

function whyClosed({ service }: Place, networks: NonNullable<ComposeFile['networks']>) {
  const mode = resolve(service.network_mode)
  if (mode === 'host') return 'uses the network of the host, where they have no effect'
  if (mode === 'none') return 'has no network'
  if (mode !== '') return undefined
  const { networks: used = ['default'] } = service
  const names = Array.isArray(used) ? used : Object.keys(used)
  const closed = names.length > 0 && names.every((name) => isInternal(networks[name]))
  return closed ? `its ${names.length === 1 ? 'network is' : 'networks are'} internal` : undefined
}

function isInternal(network: Network | null | undefined): boolean {
  return resolve(network?.internal) === 'true'
}
