import type { Rule } from '@erlmcp/core'
import { hasRootHook } from '../../defaults/rights.ts'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { knownImage } from '../model/image.ts'
import { hasNoNewPrivileges, isNonRoot } from '../model/security.ts'

export const uselessCapability: Rule<ComposeFile> = {
  id: 'compose/useless-capability',
  kind: 'insecure',
  summary: 'Capabilities added to a user that cannot use them',
  why: 'With no-new-privileges a user other than root never gets them into effect: they only suggest that they are needed.',
  hint: 'Remove `cap_add`; bind ports above 1024.',
  references: ['capabilities(7)'],
  appliesTo: ['cap_add'],
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
  *check({ data }) {
    for (const { name, service, path, image } of servicesWith(data, 'cap_add')) {
      if (!service.cap_add?.length || !isNonRoot(service) || !hasNoNewPrivileges(service)) continue
      // A hook of root uses them, and a binary that has one does not start without it.
      if (hasRootHook(service) || knownImage(image)?.fileCapabilities) continue
      yield {
        path: [...path, 'cap_add'],
        message: `${name} runs as ${service.user} without new privileges: ${service.cap_add.join(', ')} has no effect`,
      }
    }
  },
}
