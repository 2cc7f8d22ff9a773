import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'

export const sharedPropagation: Rule<ComposeFile> = {
  id: 'compose/shared-propagation',
  kind: 'insecure',
  summary: 'Mounts that go over to the host',
  why: 'What the container mounts appears on the host, and the other way round.',
  hint: 'Leave the propagation out: the default keeps them apart.',
  references: ['CIS Docker 5.20', 'KICS "Volume Mounted In Multiple Containers"'],
  appliesTo: ['volumes'],
  bad: { services: { app: { image: 'app:1', volumes: ['./data:/data:rshared'] } } },
  good: { services: { app: { image: 'app:1', volumes: ['./data:/data'] } } },
  *check({ data }) {
    for (const { name, path, mounts } of servicesWith(data, 'volumes')) {
      for (const { index, source, propagation } of mounts) {
        if (!propagation.endsWith('shared')) continue
        yield {
          path: [...path, 'volumes', index],
          message: `${name} shares its mounts below ${source} with the host`,
        }
      }
    }
  },
}
