import type { Rule } from '@erlmcp/core'
import type { ComposeFile, Service } from '../../document.ts'
import { onEveryServiceWith } from '../../model/each-service.ts'
import { entries } from '../../model/environment.ts'

/** Keys that a container in the network of another one cannot have. */
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
  summary: 'network_mode together with networks or ports',
  why: 'Compose or the engine rejects the service: without its own network it cannot attach to networks or publish ports.',
  hint: 'Keep one of the two.',
  references: ['Compose spec, network_mode'],
  bad: {
    services: { app: { image: 'app:1', network_mode: 'none', networks: ['backend'] } },
    networks: { backend: {} },
  },
  good: { services: { app: { image: 'app:1', networks: ['backend'] } }, networks: { backend: {} } },
  ...onEveryServiceWith('network_mode', function* ({ name, service, path }) {
    const mode = service.network_mode
    if (mode === undefined) return
    if (Object.keys(service.networks ?? {}).length > 0)
      yield {
        path: [...path, 'network_mode'],
        message: `${name} has both networks and network_mode ${mode}`,
      }
    const shared = mode.startsWith('service:') || mode.startsWith('container:')
    if (service.ports?.length && shared) {
      yield {
        path: [...path, 'ports'],
        message: `${name} publishes ports but uses the network of ${mode}`,
      }
    }
    for (const key of shared ? ofNetwork : mode === 'host' ? ['links' as const] : []) {
      const value = service[key]
      if (value === undefined || Object.keys(Object(value)).length === 0) continue
      yield {
        path: [...path, key],
        message: `${name} sets ${key}, which belongs to the network of ${mode}`,
      }
    }
    const sysctls = mode === 'host' ? entries(service.sysctls) : []
    for (const { name: sysctl } of sysctls) {
      if (!sysctl.startsWith('net.')) continue
      yield {
        path: [...path, 'sysctls'],
        message: `${name} sets ${sysctl} but uses the network of the host`,
      }
    }
  }),
}
