import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { swarm } from '../../model/dialect.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { replicasOf } from '../../model/sizes.ts'

export const swarmSharedHostname: Rule<ComposeFile> = {
  id: 'compose/swarm-shared-hostname',
  kind: 'breaks',
  severity: 'warning',
  summary: 'One hostname for all replicas',
  why: 'Node names that are derived from it are equal: the nodes of an Erlang cluster reject each other.',
  hint: 'Write a template: `{{.Service.Name}}-{{.Task.Slot}}`.',
  references: ['docker service create, templates'],
  bad: swarm({ services: { app: { image: 'app:1', hostname: 'app', deploy: { replicas: 3 } } } }),
  good: swarm({
    services: { app: { image: 'app:1', hostname: 'app-{{.Task.Slot}}', deploy: { replicas: 3 } } },
  }),
  ...onServicesWith('hostname', function* ({ name, service, path }) {
    const { hostname } = service
    if (hostname === undefined || hostname.includes('{{') || replicasOf(service) < 2) return
    yield {
      path: [...path, 'hostname'],
      message: `all ${replicasOf(service)} containers of ${name} have the hostname ${hostname}`,
    }
  }),
}
