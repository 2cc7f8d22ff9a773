import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { everyServiceWith } from '../model/each-service.ts'
import { replicasOf } from '../model/sizes.ts'

export const containerNameWithReplicas: Rule<ComposeFile> = {
  id: 'compose/container-name-with-replicas',
  kind: 'invalid',
  summary: 'A fixed container name on a service of more than one container',
  why: 'Two containers cannot have one name: Compose refuses to start the service.',
  hint: 'Remove `container_name`; the containers are numbered.',
  references: ['Compose spec, container_name'],
  appliesTo: ['container_name'],
  bad: { services: { app: { image: 'app:1', container_name: 'app', deploy: { replicas: 2 } } } },
  good: { services: { app: { image: 'app:1', deploy: { replicas: 2 } } } },
  *check({ data }) {
    for (const { name, service, path } of everyServiceWith(data, 'container_name')) {
      const replicas = replicasOf(service)
      if (service.container_name === undefined || replicas < 2) continue
      yield {
        path: [...path, 'container_name'],
        message: `${name} has ${replicas} containers and one name for them`,
      }
    }
  },
}
