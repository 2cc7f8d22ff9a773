import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'

export const sharedPropagation: Rule<ComposeFile> = {
  id: 'compose/shared-propagation',
  kind: 'insecure',
  summary: 'Mount propagation to the host',
  why: 'Mounts that the container makes appear on the host, and the other way round.',
  hint: 'Remove the propagation: the default is private.',
  references: ['CIS Docker 5.20', 'KICS "Volume Mounted In Multiple Containers"'],
  bad: { services: { app: { image: 'app:1', volumes: ['./data:/data:rshared'] } } },
  good: { services: { app: { image: 'app:1', volumes: ['./data:/data'] } } },
  ...onServicesWith('volumes', function* ({ name, path, mounts }) {
    for (const { index, source, propagation } of mounts) {
      if (!propagation.endsWith('shared')) continue
      yield {
        path: [...path, 'volumes', index],
        message: `${name} propagates mounts below ${source} to the host`,
      }
    }
  }),
}
