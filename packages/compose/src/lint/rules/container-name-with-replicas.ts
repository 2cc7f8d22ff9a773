import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onEveryServiceWith } from '../../model/each-service.ts'
import { replicasOf } from '../../model/sizes.ts'

export const containerNameWithReplicas: Rule<ComposeFile> = {
  id: 'compose/container-name-with-replicas',
  kind: 'invalid',
  summary: 'Fixed container name on a service with several containers',
  why: 'Container names are unique: Compose refuses to start the service.',
  hint: 'Remove `container_name`; Compose numbers the containers.',
  references: ['Compose spec, container_name'],
  bad: { services: { app: { image: 'app:1', container_name: 'app', deploy: { replicas: 2 } } } },
  good: { services: { app: { image: 'app:1', deploy: { replicas: 2 } } } },
  ...onEveryServiceWith('container_name', function* ({ name, service, path }) {
    const replicas = replicasOf(service)
    if (service.container_name === undefined || replicas < 2) return
    yield {
      path: [...path, 'container_name'],
      message: `${name} has ${replicas} containers but one container_name`,
    }
  }),
}
