import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { isRootUser } from '../model/security.ts'

export const runsAsRoot: Rule<ComposeFile> = {
  id: 'compose/runs-as-root',
  kind: 'insecure',
  summary: 'A service that is told to run as root',
  why: 'A way out of the container is then a way to root of the host.',
  hint: 'Name another user, or leave `user` to the image.',
  references: ['CIS Docker 4.1'],
  appliesTo: ['user'],
  bad: { services: { app: { image: 'app:1', user: '0:0' } } },
  good: { services: { app: { image: 'app:1', user: '1000:1000' } } },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'user')) {
      if (service.user === undefined || !isRootUser(service)) continue
      yield { path: [...path, 'user'], message: `${name} runs as root` }
    }
  },
}
