import type { Rule } from '@erlmcp/core'
import type { ComposeFile, Service } from '../../document.ts'
import { everyServiceWith } from '../model/each-service.ts'
import { entries } from '../model/environment.ts'

/** What a container that joins the network of another cannot have. */
const ofNetwork = [
  'hostname',
  'dns',
  'extra_hosts',
  'links',
  'expose',
] as const satisfies readonly (keyof Service)[]

export const networkModeConflict: Rule<ComposeFile> = {
  id: 'compose/network-mode-conflict',
  kind: 'invalid',
  summary: 'A network mode together with networks or ports',
  why: 'Compose or the engine refuses the service: what has no network of its own can join and publish none.',
  hint: 'Keep one of the two.',
  references: ['Compose spec, network_mode'],
  appliesTo: ['network_mode'],
  bad: {
    services: { app: { image: 'app:1', network_mode: 'none', networks: ['backend'] } },
    networks: { backend: {} },
  },
  good: { services: { app: { image: 'app:1', networks: ['backend'] } }, networks: { backend: {} } },
  *check({ data }) {
    for (const { name, service, path } of everyServiceWith(data, 'network_mode')) {
      const mode = service.network_mode
      if (mode === undefined) continue
      if (Object.keys(service.networks ?? {}).length > 0)
        yield { path: [...path, 'network_mode'], message: `${name} has both networks and ${mode}` }
      const shared = mode.startsWith('service:') || mode.startsWith('container:')
      if (service.ports?.length && shared) {
        yield {
          path: [...path, 'ports'],
          message: `${name} publishes ports of a network that is not its own`,
        }
      }
      for (const key of shared ? ofNetwork : mode === 'host' ? ['links' as const] : []) {
        const value = service[key]
        if (value === undefined || Object.keys(Object(value)).length === 0) continue
        yield {
          path: [...path, key],
          message: `${name} has ${key}, which belongs to the network of ${mode}`,
        }
      }
      const sysctls = mode === 'host' ? entries(service.sysctls) : []
      for (const { name: sysctl } of sysctls) {
        if (!sysctl.startsWith('net.')) continue
        yield {
          path: [...path, 'sysctls'],
          message: `${name} sets ${sysctl} of a network that is not its own`,
        }
      }
    }
  },
}
