import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { isRootUser } from '../../model/security.ts'

export const runsAsRoot: Rule<ComposeFile> = {
  id: 'compose/runs-as-root',
  kind: 'insecure',
  summary: 'Service that runs as root',
  why: 'A process that escapes from the container is root on the host.',
  hint: 'Name another user, or remove `user` to use that of the image.',
  references: ['CIS Docker 4.1'],
  bad: { services: { app: { image: 'app:1', user: '0:0' } } },
  good: { services: { app: { image: 'app:1', user: '1000:1000' } } },
  ...onServicesWith('user', function* ({ name, service, path }) {
    if (service.user === undefined || !isRootUser(service)) return
    yield { path: [...path, 'user'], message: `${name} runs as root` }
  }),
}
