import type { Rule } from '@erlmcp/core'
import { hasRootHook } from '../../defaults/capabilities.ts'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'
import { hasNoNewPrivileges, isNonRoot } from '../../model/security.ts'

export const uselessCapability: Rule<ComposeFile> = {
  id: 'compose/useless-capability',
  kind: 'insecure',
  summary: 'Capability without effect',
  why: 'With no-new-privileges a non-root user never gains them: they only suggest that they are needed.',
  hint: 'Remove `cap_add`; listen on ports above 1024.',
  references: ['capabilities(7)'],
  bad: {
    services: {
      app: {
        image: 'app:1',
        user: '1000:1000',
        cap_add: ['NET_BIND_SERVICE'],
        security_opt: ['no-new-privileges=true'],
      },
    },
  },
  good: {
    services: {
      app: { image: 'app:1', user: '1000:1000', security_opt: ['no-new-privileges=true'] },
    },
  },
  ...onServicesWith('cap_add', function* ({ name, service, path, image }) {
    if (!service.cap_add?.length || !isNonRoot(service) || !hasNoNewPrivileges(service)) return
    // A root hook uses them, and a binary with a file capability does not start without it.
    if (hasRootHook(service) || knownImage(image)?.fileCapabilities) return
    yield {
      path: [...path, 'cap_add'],
      message: `${name} runs as ${service.user} with no-new-privileges: ${service.cap_add.join(', ')} has no effect`,
    }
  }),
}
