import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import type { Place } from '../model/each-service.ts'
import { resolve } from '../model/resolve.ts'
import { linuxServices } from '../model/windows.ts'

export const capabilitiesKept: Rule<ComposeFile> = {
  id: 'compose/capabilities-kept',
  kind: 'insecure',
  summary: 'Capabilities that nobody asked for',
  why: 'The engine gives root of the container fourteen of them; few programs need one.',
  hint: "Write `cap_drop: ['ALL']`, and add the one that is needed: `cap_add: ['NET_BIND_SERVICE']`.",
  fileHint: 'Say `cap_drop: [ALL]`, and add the one that is needed.',
  references: ['CIS Docker 5.4', 'KICS "Container Capabilities Unrestricted"'],
  bad: { services: { app: { image: 'app:1' } } },
  good: { services: { app: { image: 'app:1', cap_drop: ['ALL'] } } },
  *check({ data }) {
    for (const { name, path } of linuxServices(data).filter(keepsCapabilities)) {
      yield { path, message: `${name} keeps the engine's default capabilities` }
    }
  },
}

function keepsCapabilities({ service }: Place): boolean {
  // A privileged one has them all, which is said of it.
  if (resolve(service.privileged) === 'true') return false
  return !service.cap_drop?.some((capability) => capability.toUpperCase() === 'ALL')
}
