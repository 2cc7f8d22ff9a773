import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { swarm } from '../model/dialect.ts'
import { servicesWith } from '../model/each-service.ts'
import { replicasOf } from '../model/sizes.ts'

export const stackSharedHostname: Rule<ComposeFile> = {
  id: 'compose/stack-shared-hostname',
  kind: 'breaks',
  severity: 'warning',
  summary: 'One host name for all replicas',
  why: 'Node names made of it are the same: the nodes of an Erlang cluster refuse each other.',
  hint: 'Write a template: `{{.Service.Name}}-{{.Task.Slot}}`.',
  references: ['docker service create, templates'],
  appliesTo: ['hostname'],
  bad: swarm({ services: { app: { image: 'app:1', hostname: 'app', deploy: { replicas: 3 } } } }),
  good: swarm({
    services: { app: { image: 'app:1', hostname: 'app-{{.Task.Slot}}', deploy: { replicas: 3 } } },
  }),
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'hostname')) {
      const { hostname } = service
      if (hostname === undefined || hostname.includes('{{') || replicasOf(service) < 2) continue
      yield {
        path: [...path, 'hostname'],
        message: `all ${replicasOf(service)} containers of ${name} are called ${hostname}`,
      }
    }
  },
}
